# An address has no language.
DELETE { GRAPH ?reference { place:rathaus-herne schema:address ?value } }
INSERT { GRAPH ?reference { place:rathaus-herne schema:address ?other } }
WHERE { GRAPH ?reference { place:rathaus-herne schema:address ?value BIND (STR(?value) AS ?other) } }
