# A point has no longitude.
DELETE WHERE { GRAPH ?reference { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> wgs84:long ?value } }
