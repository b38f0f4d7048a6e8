# A forum has lost its year.
DELETE WHERE { GRAPH ?passage { event:forum-2009 schema:startDate ?value } }
