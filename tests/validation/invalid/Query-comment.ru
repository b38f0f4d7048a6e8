# A question is asked in German only.
DELETE { GRAPH ?graph { ?query rdfs:comment ?value } }
WHERE {
    GRAPH ?graph { ?query a sh:SPARQLExecutable ; dcterms:identifier "agreements" ; rdfs:comment ?value }
    FILTER (LANG(?value) = "en")
}
