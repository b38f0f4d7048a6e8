# Nothing says what kind of work the overview is.
DELETE WHERE { GRAPH ?passage { work:diversity-regionale-uebersicht dcterms:type ?value } }
