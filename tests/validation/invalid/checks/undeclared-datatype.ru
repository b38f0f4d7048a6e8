# A type of XML Schema is misspelt.
INSERT DATA { GRAPH graph:editorial { city:essen rdfs:comment "2010"^^xsd:gyear } }
