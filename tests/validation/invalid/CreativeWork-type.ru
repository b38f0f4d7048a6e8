# The film is typed as a project.
DELETE { GRAPH ?passage { work:deine-zukunft-findet-stadt-film dcterms:type ?value } }
INSERT { GRAPH ?passage { work:deine-zukunft-findet-stadt-film dcterms:type concept:initiative-joint-project } }
WHERE { GRAPH ?passage { work:deine-zukunft-findet-stadt-film dcterms:type ?value } }
