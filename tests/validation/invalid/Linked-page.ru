# An address is written as text.
DELETE { GRAPH ?reference { city:essen foaf:page ?value } }
INSERT { GRAPH ?reference { city:essen foaf:page "https://de.wikipedia.org/wiki/Essen" } }
WHERE { GRAPH ?reference { city:essen foaf:page ?value } }
