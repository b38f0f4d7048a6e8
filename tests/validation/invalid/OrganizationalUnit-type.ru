# Nothing says what kind of unit the office is.
DELETE WHERE { GRAPH ?passage { unit:geschaeftsbuero dcterms:type ?value } }
