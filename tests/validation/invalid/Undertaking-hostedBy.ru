# An initiative has its place in a region instead of a body.
DELETE { GRAPH ?passage { initiative:welcome-ruhr ik:hostedBy ?value } }
INSERT { GRAPH ?passage { initiative:welcome-ruhr ik:hostedBy place:metropole-ruhr } }
WHERE { GRAPH ?passage { initiative:welcome-ruhr ik:hostedBy ?value } }
