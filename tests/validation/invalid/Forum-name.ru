# A forum has lost its title.
DELETE WHERE { GRAPH ?passage { event:forum-2009 schema:name ?value } }
