# A city carries the participation.
INSERT DATA { GRAPH graph:editorial { city:bochum cv:hasParticipation participation:vertrag-2003-bochum } }
