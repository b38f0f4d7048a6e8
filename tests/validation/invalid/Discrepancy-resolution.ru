# Somebody forgot the English text.
DELETE { GRAPH graph:editorial { discrepancy:frank-frank-und-herne ik:resolution ?value } }
WHERE { GRAPH graph:editorial { discrepancy:frank-frank-und-herne ik:resolution ?value FILTER (LANG(?value) = "en") } }
