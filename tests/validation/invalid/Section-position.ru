# A section has no number, and its heading occurs four times.
DELETE WHERE { GRAPH ?passage { section:grundlagen-1 schema:position ?value } }
