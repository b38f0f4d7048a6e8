# A selector has no quote.
DELETE WHERE { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:exact ?value } }
