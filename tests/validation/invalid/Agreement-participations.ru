# The six sectors are given to the contract instead of the declaration.
DELETE { GRAPH ?passage { agreement:ein-zeichen-fuer-vielfalt-und-talente cv:hasParticipation ?participation } }
INSERT { GRAPH ?passage { agreement:staedteregion-ruhr cv:hasParticipation ?participation } }
WHERE { GRAPH ?passage { agreement:ein-zeichen-fuer-vielfalt-und-talente cv:hasParticipation ?participation } }
