# A comment ends with a line break that nobody sees.
INSERT DATA { GRAPH graph:editorial { city:essen rdfs:comment "Essen\n"@de } }
