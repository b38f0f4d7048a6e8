# A thing was written in square brackets instead of getting a name.
INSERT DATA { GRAPH graph:editorial { city:essen rdfs:seeAlso [ rdfs:comment "Essen"@de ] } }
