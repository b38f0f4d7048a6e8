# The region acts in the film.
DELETE { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:actor ?value } }
INSERT { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:actor place:metropole-ruhr } }
WHERE { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:actor ?value } }
