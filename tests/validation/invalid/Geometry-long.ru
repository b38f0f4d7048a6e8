# Longitude and latitude are swapped.
DELETE { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> wgs84:long ?value } }
INSERT { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> wgs84:long 51.45 } }
WHERE { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> wgs84:long ?value } }
