# The head of the file names no licence.
DELETE WHERE { GRAPH graph:mappings { <https://w3id.org/interkommunal/links/wikidata> dcterms:license ?licence } }
