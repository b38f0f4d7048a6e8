# A city is listed where its participation belongs.
INSERT DATA { GRAPH graph:editorial { agreement:staedteregion-ruhr cv:hasParticipation city:essen } }
