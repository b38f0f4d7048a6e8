# A scheme forgets one of its concepts.
DELETE WHERE { GRAPH graph:concepts { concept:topic skos:hasTopConcept concept:topic-integration } }
