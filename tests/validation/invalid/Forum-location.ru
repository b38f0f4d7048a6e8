# A forum has lost its place.
DELETE WHERE { GRAPH ?passage { event:forum-2009 schema:location ?value } }
