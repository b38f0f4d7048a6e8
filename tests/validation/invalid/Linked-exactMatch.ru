# The page of Wikidata is taken for its item.
DELETE { GRAPH ?reference { city:essen skos:exactMatch wd:Q2066 } }
INSERT { GRAPH ?reference { city:essen skos:exactMatch <https://www.wikidata.org/wiki/Q2066> } }
WHERE { GRAPH ?reference { city:essen skos:exactMatch wd:Q2066 } }
