# A passage does not say when it was true.
DELETE WHERE { GRAPH graph:passages { p:L039 ik:asOf ?value } }
