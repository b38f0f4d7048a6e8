# A selector has two ends.
INSERT DATA { GRAPH graph:passages { <https://w3id.org/interkommunal/id/passage/grundlagen/L039-selector> oa:end 11001 } }
