# A discrepancy does not say of which kind it is.
DELETE WHERE { GRAPH graph:editorial { discrepancy:frank-frank-und-herne dcterms:type ?value } }
