# The region wrote the film.
DELETE { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:author ?value } }
INSERT { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:author place:metropole-ruhr } }
WHERE { GRAPH ?passage { work:deine-zukunft-findet-stadt-film schema:author ?value } }
