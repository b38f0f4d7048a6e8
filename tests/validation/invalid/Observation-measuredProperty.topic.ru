# A topic is counted.
DELETE { GRAPH ?passage { observation:gaeste-2011 schema:measuredProperty ?value } }
INSERT { GRAPH ?passage { observation:gaeste-2011 schema:measuredProperty concept:topic-diversity } }
WHERE { GRAPH ?passage { observation:gaeste-2011 schema:measuredProperty ?value } }
