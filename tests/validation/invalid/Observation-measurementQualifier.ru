# The qualifier “über” is lost.
DELETE WHERE { GRAPH ?passage { observation:gaeste-2011 schema:measurementQualifier ?value } }
