# A programme does not say what kind it is.
DELETE WHERE { GRAPH ?passage { programme:kommin-nrw dcterms:type ?value } }
