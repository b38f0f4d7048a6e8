# A term has no English definition.
DELETE { GRAPH graph:ontology { ik:Goal skos:definition ?value } }
WHERE { GRAPH graph:ontology { ik:Goal skos:definition ?value FILTER (LANG(?value) = "en") } }
