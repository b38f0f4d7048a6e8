# A wording belongs to no agreement.
INSERT DATA {
    GRAPH graph:editorial {
        text:test-wortlaut a ik:AgreementText .
        text:test-wortlaut rdfs:label "Wortlaut"@de, "Wording"@en .
        text:test-wortlaut schema:name "Wortlaut"@de .
        text:test-wortlaut dcterms:date "2010"^^xsd:gYear .
    }
}
