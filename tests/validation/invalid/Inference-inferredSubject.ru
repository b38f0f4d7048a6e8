# An inference has no subject.
DELETE WHERE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:inferredSubject ?value } }
