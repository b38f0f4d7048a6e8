# A series has no event.
INSERT DATA {
    GRAPH graph:editorial {
        series:test-reihe a schema:EventSeries .
        series:test-reihe rdfs:label "Reihe"@de, "Series"@en .
        series:test-reihe schema:name "Reihe"@de .
        series:test-reihe schema:organizer cooperation:integration-interkommunal .
    }
}
