# Somebody forgot the English label.
DELETE { GRAPH graph:editorial { goal:ruhr-2 rdfs:label ?label } }
WHERE { GRAPH graph:editorial { goal:ruhr-2 rdfs:label ?label FILTER (LANG(?label) = "en") } }
