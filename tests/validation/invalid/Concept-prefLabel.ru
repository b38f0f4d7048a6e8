# A concept has no English label.
DELETE { GRAPH graph:concepts { concept:topic-integration skos:prefLabel ?value } }
WHERE { GRAPH graph:concepts { concept:topic-integration skos:prefLabel ?value FILTER (LANG(?value) = "en") } }
