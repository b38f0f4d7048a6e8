# A single event is taken for the series.
DELETE { GRAPH ?passage { event:forum-2009 schema:superEvent ?value } }
INSERT { GRAPH ?passage { event:forum-2009 schema:superEvent event:unterzeichnung-2011-09-20 } }
WHERE { GRAPH ?passage { event:forum-2009 schema:superEvent ?value } }
