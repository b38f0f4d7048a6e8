# A candidate is written as text.
DELETE { GRAPH graph:editorial { reading:fassung-und-spaetere-beitritte-1 ik:candidate ?value } }
INSERT { GRAPH graph:editorial { reading:fassung-und-spaetere-beitritte-1 ik:candidate "Fassung"@de } }
WHERE { GRAPH graph:editorial { reading:fassung-und-spaetere-beitritte-1 ik:candidate ?value } }
