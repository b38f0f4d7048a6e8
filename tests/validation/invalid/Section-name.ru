# A section has no heading.
DELETE WHERE { GRAPH ?passage { section:grundlagen-1 schema:name ?value } }
