# A link was written into the graph by hand.
INSERT DATA { GRAPH <https://w3id.org/interkommunal/graph/links/wikidata> { city:essen skos:closeMatch wd:Q571423 } }
