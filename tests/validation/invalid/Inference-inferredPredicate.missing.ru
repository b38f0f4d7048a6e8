# An inference has no property.
DELETE WHERE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:inferredPredicate ?value } }
