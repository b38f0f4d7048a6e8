# The wording of a goal has no language.
DELETE { GRAPH ?passage { goal:ruhr-2 schema:text ?value } }
INSERT { GRAPH ?passage { goal:ruhr-2 schema:text ?other } }
WHERE { GRAPH ?passage { goal:ruhr-2 schema:text ?value BIND (STR(?value) AS ?other) } }
