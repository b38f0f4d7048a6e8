# A list has no entry.
INSERT DATA {
    GRAPH graph:editorial {
        list:test-liste a schema:ItemList .
        list:test-liste rdfs:label "Liste"@de, "List"@en .
        list:test-liste schema:name "Liste"@de .
    }
}
