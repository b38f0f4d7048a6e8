# The labels of a concept differ.
DELETE { GRAPH graph:concepts { concept:topic-diversity skos:prefLabel "Vielfalt"@de } }
INSERT { GRAPH graph:concepts { concept:topic-diversity skos:prefLabel "Diversität"@de } }
WHERE { GRAPH graph:concepts { concept:topic-diversity skos:prefLabel "Vielfalt"@de } }
