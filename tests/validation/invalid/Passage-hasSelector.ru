# A passage has no selector.
DELETE WHERE { GRAPH graph:passages { p:L039 oa:hasSelector ?value } }
