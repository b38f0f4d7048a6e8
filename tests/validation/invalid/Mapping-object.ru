# One row is about two items.
INSERT DATA { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> sssom:object_id wd:Q2103 } }
