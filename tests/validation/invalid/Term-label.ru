# A term has no English label.
DELETE { GRAPH graph:ontology { ik:City rdfs:label ?value } }
WHERE { GRAPH graph:ontology { ik:City rdfs:label ?value FILTER (LANG(?value) = "en") } }
