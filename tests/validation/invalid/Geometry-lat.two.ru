# A point got two latitudes.
INSERT DATA { GRAPH graph:editorial { <https://w3id.org/interkommunal/id/city/essen#point-wikidata> wgs84:lat 51.5 } }
