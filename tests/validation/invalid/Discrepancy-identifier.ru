# A discrepancy has two identifiers.
INSERT DATA { GRAPH graph:editorial { discrepancy:frank-frank-und-herne dcterms:identifier "I99" } }
