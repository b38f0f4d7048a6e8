# An official name has no language.
DELETE { GRAPH ?reference { city:essen schema:legalName ?value } }
INSERT { GRAPH ?reference { city:essen schema:legalName ?other } }
WHERE { GRAPH ?reference { city:essen schema:legalName ?value BIND (STR(?value) AS ?other) } }
