# An inference rests on nothing.
DELETE WHERE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:basis ?value } }
