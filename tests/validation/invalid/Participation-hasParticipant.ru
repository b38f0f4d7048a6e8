# A participation does not say whose it is.
DELETE WHERE { GRAPH ?passage { participation:vertrag-2003-bochum cv:hasParticipant ?value } }
