# The region made the film.
DELETE { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:producer ?value } }
INSERT { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:producer place:metropole-ruhr } }
WHERE { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:producer ?value } }
