# A participation belongs to two agreements.
INSERT DATA { GRAPH graph:editorial { agreement:staedteregion-ruhr cv:hasParticipation participation:vertrag-2003-bochum } }
