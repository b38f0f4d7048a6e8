# A printed address got a language.
DELETE { GRAPH ?passage { initiative:welcome-ruhr ik:attestedAddress ?value } }
INSERT { GRAPH ?passage { initiative:welcome-ruhr ik:attestedAddress ?other } }
WHERE { GRAPH ?passage { initiative:welcome-ruhr ik:attestedAddress ?value BIND (STRLANG(?value, "de") AS ?other) } }
