# A match is exact and close at once.
INSERT DATA { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> sssom:predicate_id skos:closeMatch } }
