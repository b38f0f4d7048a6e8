# A challenge has lost its wording.
DELETE WHERE { GRAPH ?passage { challenge:vergleichbare-herausforderungen schema:text ?value } }
