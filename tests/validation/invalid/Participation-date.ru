# An accession is dated before the contract of 2010.
INSERT DATA { GRAPH graph:editorial { participation:ruhr-herne dcterms:date "2009"^^xsd:gYear } }
