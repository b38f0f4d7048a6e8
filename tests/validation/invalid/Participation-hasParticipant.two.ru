# Two cities share one participation.
INSERT DATA { GRAPH graph:editorial { participation:vertrag-2003-bochum cv:hasParticipant city:bottrop } }
