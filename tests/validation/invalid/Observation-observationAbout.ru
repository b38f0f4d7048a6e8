# A number is about nothing.
DELETE WHERE { GRAPH ?passage { observation:gaeste-2011 schema:observationAbout ?value } }
