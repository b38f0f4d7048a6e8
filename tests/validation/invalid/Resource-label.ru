# A city got a second German label.
INSERT DATA { GRAPH graph:editorial { city:essen rdfs:label "Stadt Essen"@de } }
