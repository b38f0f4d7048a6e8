# A region is the audience.
DELETE { GRAPH ?passage { website:integration-interkommunal schema:audience ?value } }
INSERT { GRAPH ?passage { website:integration-interkommunal schema:audience place:metropole-ruhr } }
WHERE { GRAPH ?passage { website:integration-interkommunal schema:audience ?value } }
