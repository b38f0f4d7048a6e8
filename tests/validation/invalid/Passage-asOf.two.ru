# A passage has two as-of dates.
INSERT DATA { GRAPH graph:passages { p:L039 ik:asOf "2016"^^xsd:gYear } }
