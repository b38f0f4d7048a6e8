# A year stands where a day belongs.
INSERT DATA { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> sssom:mapping_date "2026"^^xsd:gYear } }
