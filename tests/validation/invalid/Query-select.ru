# A question without a query.
DELETE { GRAPH ?graph { ?query sh:select ?value } }
WHERE { GRAPH ?graph { ?query a sh:SPARQLExecutable ; dcterms:identifier "agreements" ; sh:select ?value } }
