# The address of a relation got no number.
DELETE { GRAPH ?links { city:essen skos:closeMatch osm:62713 } GRAPH graph:mappings { ?mapping sssom:object_id osm:62713 } }
INSERT {
    GRAPH ?links { city:essen skos:closeMatch <https://www.openstreetmap.org/relation/> }
    GRAPH graph:mappings { ?mapping sssom:object_id <https://www.openstreetmap.org/relation/> }
}
WHERE { GRAPH ?links { city:essen skos:closeMatch osm:62713 } GRAPH graph:mappings { ?mapping sssom:object_id osm:62713 } }
