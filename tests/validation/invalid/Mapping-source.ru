# A match without evidence.
DELETE WHERE { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> dcterms:source ?source } }
