# A selector keeps too much text before the quote.
DELETE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:prefix ?value } }
INSERT { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:prefix ?other } }
WHERE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:prefix ?value BIND (CONCAT(?value, "0123456789012345678901234567890123456789") AS ?other) } }
