# A graph has no English label.
DELETE { GRAPH graph:graphs { graph:editorial rdfs:label ?value } }
WHERE { GRAPH graph:graphs { graph:editorial rdfs:label ?value FILTER (LANG(?value) = "en") } }
