# A term has no example.
DELETE WHERE { GRAPH graph:ontology { ik:Goal skos:example ?value } }
