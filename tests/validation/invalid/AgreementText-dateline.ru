# The date line got a language.
DELETE { GRAPH ?passage { text:staedteregion-ruhr-2010-05-28 ik:dateline ?value } }
INSERT { GRAPH ?passage { text:staedteregion-ruhr-2010-05-28 ik:dateline ?other } }
WHERE { GRAPH ?passage { text:staedteregion-ruhr-2010-05-28 ik:dateline ?value BIND (STRLANG(?value, "de") AS ?other) } }
