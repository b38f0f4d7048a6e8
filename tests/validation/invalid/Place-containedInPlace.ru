# A venue lies in a body.
DELETE { GRAPH ?passage { place:rathaus-herne schema:containedInPlace ?value } }
INSERT { GRAPH ?passage { place:rathaus-herne schema:containedInPlace organisation:regionalverband-ruhr } }
WHERE { GRAPH ?passage { place:rathaus-herne schema:containedInPlace ?value } }
