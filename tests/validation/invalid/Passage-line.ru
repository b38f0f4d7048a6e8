# A passage stands in no line.
DELETE WHERE { GRAPH graph:passages { p:L039 ik:line ?value } }
