# A body is taken for the place of a forum.
DELETE { GRAPH ?passage { event:forum-2009 schema:location ?value } }
INSERT { GRAPH ?passage { event:forum-2009 schema:location organisation:regionalverband-ruhr } }
WHERE { GRAPH ?passage { event:forum-2009 schema:location ?value } }
