# A printed name is taken for a person.
INSERT {
    GRAPH ?passage { group:test-witt a foaf:Person . signature:ruhr-oberhausen rdfs:seeAlso group:test-witt }
    GRAPH graph:editorial { group:test-witt rdfs:label "Witt (Unterschrift)"@de, "Witt (signature)"@en }
    GRAPH graph:reused {
        foaf:Person a owl:Class ;
            rdfs:label "Person"@de, "Person"@en ;
            rdfs:isDefinedBy <http://xmlns.com/foaf/0.1/>
    }
}
WHERE { GRAPH ?passage { signature:ruhr-oberhausen ik:signedFor city:oberhausen } }
