# Nobody does something.
DELETE WHERE { GRAPH ?passage { activity:knowhow-buendeln ik:carriedOutBy ?value } }
