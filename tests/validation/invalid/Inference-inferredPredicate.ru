# An inference gives a name.
DELETE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:inferredPredicate ?value } }
INSERT { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:inferredPredicate schema:name } }
WHERE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:inferredPredicate ?value } }
