# A passage stands in no source.
DELETE WHERE { GRAPH graph:passages { p:L039 oa:hasSource ?value } }
