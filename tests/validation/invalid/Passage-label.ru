# A passage has no English label.
DELETE { GRAPH graph:passages { p:L039 rdfs:label ?value } }
WHERE { GRAPH graph:passages { p:L039 rdfs:label ?value FILTER (LANG(?value) = "en") } }
