# The address of a relation got no number.
DELETE { GRAPH ?reference { city:essen skos:closeMatch ?relation } }
INSERT { GRAPH ?reference { city:essen skos:closeMatch <https://www.openstreetmap.org/relation/> } }
WHERE { GRAPH ?reference { city:essen skos:closeMatch ?relation FILTER (STRSTARTS(STR(?relation), STR(osm:))) } }
