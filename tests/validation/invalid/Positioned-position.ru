# A position is written as text.
DELETE { GRAPH ?passage { goal:ruhr-2 schema:position ?value } }
INSERT { GRAPH ?passage { goal:ruhr-2 schema:position "2" } }
WHERE { GRAPH ?passage { goal:ruhr-2 schema:position ?value } }
