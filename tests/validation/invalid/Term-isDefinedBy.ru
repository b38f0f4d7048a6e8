# A reused term does not say where it comes from.
DELETE WHERE { GRAPH graph:reused { schema:slogan rdfs:isDefinedBy ?value } }
