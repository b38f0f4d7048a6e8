# The wording of a number is lost.
DELETE WHERE { GRAPH ?passage { observation:gaeste-2011 schema:name ?value } }
