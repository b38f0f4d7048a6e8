# A reading belongs to no discrepancy.
DELETE WHERE { GRAPH graph:editorial { discrepancy:fassung-und-spaetere-beitritte ik:hasReading reading:fassung-und-spaetere-beitritte-1 } }
