# Longitude and latitude are swapped.
DELETE { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> wgs84:lat ?value } }
INSERT { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> wgs84:lat 7.01 } }
WHERE { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> wgs84:lat ?value } }
