# A selector has lost the text before the quote.
DELETE WHERE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:prefix ?value } }
