# A period is copied as printed.
DELETE { GRAPH ?passage { project:praxisbezogene-projekte dcterms:temporal ?value } }
INSERT { GRAPH ?passage { project:praxisbezogene-projekte dcterms:temporal "2008 - 2016"^^edtf:EDTF } }
WHERE { GRAPH ?passage { project:praxisbezogene-projekte dcterms:temporal ?value } }
