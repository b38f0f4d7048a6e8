# A scheme has no English label.
DELETE { GRAPH graph:concepts { concept:topic skos:prefLabel ?value } }
WHERE { GRAPH graph:concepts { concept:topic skos:prefLabel ?value FILTER (LANG(?value) = "en") } }
