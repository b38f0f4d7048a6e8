# Nothing says what is counted.
DELETE WHERE { GRAPH ?passage { observation:gaeste-2011 schema:measuredProperty ?value } }
