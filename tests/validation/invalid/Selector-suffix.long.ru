# A selector keeps too much text after the quote.
DELETE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:suffix ?value } }
INSERT { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:suffix ?other } }
WHERE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:suffix ?value BIND (CONCAT(?value, "0123456789012345678901234567890123456789") AS ?other) } }
