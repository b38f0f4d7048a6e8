# Per cent instead of a number from 0 to 1.
DELETE WHERE { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> sssom:confidence ?confidence } } ;
INSERT DATA { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> sssom:confidence 95.0 } }
