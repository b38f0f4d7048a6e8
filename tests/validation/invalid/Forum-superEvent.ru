# A forum has lost its series.
DELETE WHERE { GRAPH ?passage { event:forum-2009 schema:superEvent ?value } }
