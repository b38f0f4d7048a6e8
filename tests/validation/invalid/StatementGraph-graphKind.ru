# Nothing says who speaks in a graph.
DELETE WHERE { GRAPH graph:graphs { graph:editorial ik:graphKind ?value } }
