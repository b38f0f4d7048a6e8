# What the contract wants is recorded as something that is done.
INSERT {
    GRAPH ?passage {
        activity:test-anteil a ik:Activity ;
            schema:text "der Anteil … entspricht"@de ;
            ik:carriedOutBy city:essen .
    }
    GRAPH graph:editorial { activity:test-anteil rdfs:label "Anteil der Beschäftigten"@de, "Share of employees"@en }
}
WHERE { GRAPH ?passage { goal:ruhr-2 schema:position 2 } }
