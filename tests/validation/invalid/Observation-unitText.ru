# The unit of a number is lost.
DELETE WHERE { GRAPH ?passage { observation:gaeste-2011 schema:unitText ?value } }
