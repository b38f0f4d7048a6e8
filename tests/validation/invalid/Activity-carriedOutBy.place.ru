# A region does something.
DELETE { GRAPH ?passage { activity:knowhow-buendeln ik:carriedOutBy ?value } }
INSERT { GRAPH ?passage { activity:knowhow-buendeln ik:carriedOutBy place:metropole-ruhr } }
WHERE { GRAPH ?passage { activity:knowhow-buendeln ik:carriedOutBy ?value } }
