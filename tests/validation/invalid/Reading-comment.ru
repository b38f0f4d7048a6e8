# Somebody forgot the English text.
DELETE { GRAPH graph:editorial { reading:fassung-und-spaetere-beitritte-1 rdfs:comment ?value } }
WHERE { GRAPH graph:editorial { reading:fassung-und-spaetere-beitritte-1 rdfs:comment ?value FILTER (LANG(?value) = "en") } }
