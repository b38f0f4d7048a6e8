# A passage has no status.
DELETE WHERE { GRAPH graph:passages { p:L039 ik:status ?value } }
