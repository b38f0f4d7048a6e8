# A group is member of a region instead of a body.
DELETE { GRAPH ?passage { group:grosse-kommunen-im-regionalverband-ruhr org:memberOf ?value } }
INSERT { GRAPH ?passage { group:grosse-kommunen-im-regionalverband-ruhr org:memberOf place:metropole-ruhr } }
WHERE { GRAPH ?passage { group:grosse-kommunen-im-regionalverband-ruhr org:memberOf ?value } }
