# The printed function has no language.
DELETE { GRAPH ?passage { signature:ruhr-essen ik:attestedRole ?value } }
INSERT { GRAPH ?passage { signature:ruhr-essen ik:attestedRole ?other } }
WHERE { GRAPH ?passage { signature:ruhr-essen ik:attestedRole ?value BIND (STR(?value) AS ?other) } }
