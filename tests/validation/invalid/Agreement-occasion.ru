# The venue is taken for the event at which the declaration was signed.
DELETE { GRAPH ?passage { agreement:ein-zeichen-fuer-vielfalt-und-talente ik:occasion ?value } }
INSERT { GRAPH ?passage { agreement:ein-zeichen-fuer-vielfalt-und-talente ik:occasion place:wissenschaftspark-gelsenkirchen } }
WHERE { GRAPH ?passage { agreement:ein-zeichen-fuer-vielfalt-und-talente ik:occasion ?value } }
