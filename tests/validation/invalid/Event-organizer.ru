# The venue is taken for the organizer.
DELETE { GRAPH ?passage { event:unterzeichnung-2011-09-20 schema:organizer ?value } }
INSERT { GRAPH ?passage { event:unterzeichnung-2011-09-20 schema:organizer place:wissenschaftspark-gelsenkirchen } }
WHERE { GRAPH ?passage { event:unterzeichnung-2011-09-20 schema:organizer ?value } }
