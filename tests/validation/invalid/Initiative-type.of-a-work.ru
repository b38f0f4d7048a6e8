# The kind is taken from the code list of works.
DELETE { GRAPH ?passage { programme:kommin-nrw dcterms:type ?value } }
INSERT { GRAPH ?passage { programme:kommin-nrw dcterms:type concept:work-overview } }
WHERE { GRAPH ?passage { programme:kommin-nrw dcterms:type ?value } }
