# Somebody counts from 0.
DELETE { GRAPH ?passage { goal:ruhr-1 schema:position ?value } }
INSERT { GRAPH ?passage { goal:ruhr-1 schema:position 0 } }
WHERE { GRAPH ?passage { goal:ruhr-1 schema:position ?value } }
