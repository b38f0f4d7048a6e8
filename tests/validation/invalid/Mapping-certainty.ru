# A certainty that the scheme does not have.
INSERT DATA { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> ik:certainty concept:certainty-verified, concept:certainty-seen-once } }
