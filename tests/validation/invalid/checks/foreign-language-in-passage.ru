# A translation stands where the source speaks.
INSERT { GRAPH ?passage { goal:ruhr-2 rdfs:comment "the share of employees matches the population"@en } }
WHERE { GRAPH ?passage { goal:ruhr-2 schema:position 2 } }
