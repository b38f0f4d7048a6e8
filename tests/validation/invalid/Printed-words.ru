# A name has no language.
DELETE { GRAPH ?passage { city:bottrop schema:name ?value } }
INSERT { GRAPH ?passage { city:bottrop schema:name ?other } }
WHERE { GRAPH ?passage { city:bottrop schema:name ?value BIND (STR(?value) AS ?other) } }
