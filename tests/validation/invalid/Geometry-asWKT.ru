# A comma stands between longitude and latitude.
DELETE { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> geo:asWKT ?value } }
INSERT { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> geo:asWKT "POINT(7.01, 51.45)"^^geo:wktLiteral } }
WHERE { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> geo:asWKT ?value } }
