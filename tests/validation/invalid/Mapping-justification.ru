# Nobody says how the match was found.
DELETE WHERE { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> sssom:mapping_justification ?how } }
