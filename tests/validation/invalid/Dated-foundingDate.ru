# A year is written as text.
DELETE { GRAPH ?passage { cooperation:integration-interkommunal schema:foundingDate ?value } }
INSERT { GRAPH ?passage { cooperation:integration-interkommunal schema:foundingDate "2008" } }
WHERE { GRAPH ?passage { cooperation:integration-interkommunal schema:foundingDate ?value } }
