# An observation has no number.
DELETE WHERE { GRAPH ?passage { observation:gaeste-2011 schema:value ?value } }
