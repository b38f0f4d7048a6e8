# A selector has lost the text after the quote.
DELETE WHERE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:suffix ?value } }
