# A city that signed first is listed among those that joined later, too.
INSERT DATA {
    GRAPH p:L019.4 {
        agreement:staedteregion-ruhr cv:hasParticipation participation:test-essen .
        participation:test-essen a ik:Participation ;
            cv:hasParticipant city:essen ;
            cv:role concept:role-acceding-party ;
            dcterms:date "2012"^^xsd:gYear .
    }
    GRAPH graph:editorial {
        participation:test-essen rdfs:label "Beitritt Essens"@de, "Accession of Essen"@en
    }
}
