# A concept stands in a concept instead of a scheme.
INSERT DATA { GRAPH graph:concepts { concept:topic-integration skos:inScheme concept:topic-diversity } }
