# A thing stands where a mapping belongs.
INSERT DATA { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata> sssom:mappings city:essen } }
