# A concept has no English definition.
DELETE { GRAPH graph:concepts { concept:topic-integration skos:definition ?value } }
WHERE { GRAPH graph:concepts { concept:topic-integration skos:definition ?value FILTER (LANG(?value) = "en") } }
