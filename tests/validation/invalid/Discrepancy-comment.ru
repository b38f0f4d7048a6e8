# Somebody forgot the English text.
DELETE { GRAPH graph:editorial { discrepancy:frank-frank-und-herne rdfs:comment ?value } }
WHERE { GRAPH graph:editorial { discrepancy:frank-frank-und-herne rdfs:comment ?value FILTER (LANG(?value) = "en") } }
