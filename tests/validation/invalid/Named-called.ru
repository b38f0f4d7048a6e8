# Nothing says what the source calls a group.
DELETE WHERE { GRAPH ?passage { group:kommunen ik:designation ?value } }
