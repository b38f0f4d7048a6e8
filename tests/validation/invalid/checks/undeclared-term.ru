# A property of schema.org is misspelt.
INSERT DATA { GRAPH graph:editorial { city:essen schema:alternatename "Essen"@de } }
