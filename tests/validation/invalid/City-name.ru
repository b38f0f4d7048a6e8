# The name of a city is taken for a mere designation.
DELETE { GRAPH ?passage { city:bottrop schema:name ?name } }
INSERT { GRAPH ?passage { city:bottrop ik:designation ?name } }
WHERE { GRAPH ?passage { city:bottrop schema:name ?name } }
