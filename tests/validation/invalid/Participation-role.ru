# A participation has no role.
DELETE WHERE { GRAPH ?passage { participation:vertrag-2003-bochum cv:role ?value } }
