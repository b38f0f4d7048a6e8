# An outcome came out of a forum.
DELETE { GRAPH ?passage { outcome:ergebnis-1 ik:outcomeOf ?value } }
INSERT { GRAPH ?passage { outcome:ergebnis-1 ik:outcomeOf event:forum-2010 } }
WHERE { GRAPH ?passage { outcome:ergebnis-1 ik:outcomeOf ?value } }
