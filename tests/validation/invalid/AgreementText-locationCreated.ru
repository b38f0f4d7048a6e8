# A body is taken for the place of the date line.
DELETE { GRAPH ?passage { text:staedteregion-ruhr-2010-05-28 schema:locationCreated ?value } }
INSERT { GRAPH ?passage { text:staedteregion-ruhr-2010-05-28 schema:locationCreated organisation:regionalverband-ruhr } }
WHERE { GRAPH ?passage { text:staedteregion-ruhr-2010-05-28 schema:locationCreated ?value } }
