# Somebody forgot the English text.
DELETE { GRAPH graph:sources { <https://w3id.org/interkommunal/id/source/grundlagen/L085> rdfs:comment ?value } }
WHERE { GRAPH graph:sources { <https://w3id.org/interkommunal/id/source/grundlagen/L085> rdfs:comment ?value FILTER (LANG(?value) = "en") } }
