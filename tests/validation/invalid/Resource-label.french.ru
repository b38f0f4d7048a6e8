# A city got a French label.
INSERT DATA { GRAPH graph:editorial { city:essen rdfs:label "Essen"@fr } }
