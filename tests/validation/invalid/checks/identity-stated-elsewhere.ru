# An identity is stated for good.
INSERT DATA { GRAPH graph:editorial { city:essen skos:exactMatch gnd:4015557-0 } }
