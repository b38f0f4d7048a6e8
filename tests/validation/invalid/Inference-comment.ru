# Somebody forgot the English text.
DELETE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 rdfs:comment ?value } }
WHERE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 rdfs:comment ?value FILTER (LANG(?value) = "en") } }
