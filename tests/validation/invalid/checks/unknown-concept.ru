# A concept is misspelt.
INSERT DATA { GRAPH graph:editorial { city:essen rdfs:seeAlso concept:topic-divresity } }
