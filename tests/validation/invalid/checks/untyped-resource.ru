# A city is misspelt, so that it seems to be another thing.
INSERT DATA {
    GRAPH graph:editorial {
        city:esssen rdfs:label "Essen"@de, "Essen"@en .
        city:essen rdfs:seeAlso city:esssen
    }
}
