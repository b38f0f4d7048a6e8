# A number is written as text.
DELETE { GRAPH ?passage { observation:gaeste-2011 schema:value ?value } }
INSERT { GRAPH ?passage { observation:gaeste-2011 schema:value "100" } }
WHERE { GRAPH ?passage { observation:gaeste-2011 schema:value ?value } }
