# The object of an inference is written as text.
DELETE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:inferredObject ?value } }
INSERT { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:inferredObject "Ergebnis 8"@de } }
WHERE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 ik:inferredObject ?value } }
