# A place takes part.
DELETE { GRAPH ?passage { participation:vertrag-2003-bochum cv:hasParticipant ?value } }
INSERT { GRAPH ?passage { participation:vertrag-2003-bochum cv:hasParticipant place:metropole-ruhr } }
WHERE { GRAPH ?passage { participation:vertrag-2003-bochum cv:hasParticipant ?value } }
