# One row is about two cities.
INSERT DATA { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066> sssom:subject_id city:herne } }
