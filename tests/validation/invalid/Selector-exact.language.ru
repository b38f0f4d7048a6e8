# A quote got a language.
DELETE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:exact ?value } }
INSERT { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:exact ?other } }
WHERE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:exact ?value BIND (STRLANG(?value, "de") AS ?other) } }
