# An address is written as text.
DELETE { GRAPH ?reference { city:essen foaf:homepage ?value } }
INSERT { GRAPH ?reference { city:essen foaf:homepage "https://www.essen.de/" } }
WHERE { GRAPH ?reference { city:essen foaf:homepage ?value } }
