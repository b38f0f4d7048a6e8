# A topic faces a challenge.
DELETE { GRAPH ?passage { challenge:vergleichbare-herausforderungen ik:facedBy ?value } }
INSERT { GRAPH ?passage { challenge:vergleichbare-herausforderungen ik:facedBy concept:topic-integration } }
WHERE { GRAPH ?passage { challenge:vergleichbare-herausforderungen ik:facedBy ?value } }
