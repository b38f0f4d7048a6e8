# A challenge concerns nobody.
DELETE WHERE { GRAPH ?passage { challenge:vergleichbare-herausforderungen ik:facedBy ?value } }
