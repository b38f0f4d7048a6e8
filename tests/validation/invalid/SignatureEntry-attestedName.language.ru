# The printed name got a language.
DELETE { GRAPH ?passage { signature:ruhr-essen ik:attestedName ?value } }
INSERT { GRAPH ?passage { signature:ruhr-essen ik:attestedName ?other } }
WHERE { GRAPH ?passage { signature:ruhr-essen ik:attestedName ?value BIND (STRLANG(?value, "de") AS ?other) } }
