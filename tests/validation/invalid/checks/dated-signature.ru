# The date line is taken for the date of one signature.
INSERT { GRAPH ?passage { signature:ruhr-herne dcterms:date "2010-05-28"^^xsd:date } }
WHERE { GRAPH ?passage { signature:ruhr-herne ik:signedFor city:herne } }
