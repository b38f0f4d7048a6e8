# Nobody speaks in a passage.
DELETE WHERE { GRAPH graph:passages { p:L039 ik:voice ?value } }
