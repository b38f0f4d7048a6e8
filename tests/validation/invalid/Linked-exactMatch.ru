# The page of Wikidata is taken for its item.
DELETE { GRAPH ?links { city:essen skos:exactMatch wd:Q2066 } GRAPH graph:mappings { ?mapping sssom:object_id wd:Q2066 } }
INSERT {
    GRAPH ?links { city:essen skos:exactMatch <https://www.wikidata.org/wiki/Q2066> }
    GRAPH graph:mappings { ?mapping sssom:object_id <https://www.wikidata.org/wiki/Q2066> }
}
WHERE { GRAPH ?links { city:essen skos:exactMatch wd:Q2066 } GRAPH graph:mappings { ?mapping sssom:object_id wd:Q2066 } }
