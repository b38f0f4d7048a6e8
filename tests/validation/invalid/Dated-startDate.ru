# A year is written as text.
DELETE { GRAPH ?passage { event:forum-2009 schema:startDate ?value } }
INSERT { GRAPH ?passage { event:forum-2009 schema:startDate "2009" } }
WHERE { GRAPH ?passage { event:forum-2009 schema:startDate ?value } }
