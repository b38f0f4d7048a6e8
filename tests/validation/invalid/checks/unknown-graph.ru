# A block is named after a passage that the text does not have.
DELETE { GRAPH ?passage { goal:ruhr-2 schema:position ?position } }
INSERT { GRAPH p:L999 { goal:ruhr-2 schema:position ?position } }
WHERE { GRAPH ?passage { goal:ruhr-2 schema:position ?position } }
