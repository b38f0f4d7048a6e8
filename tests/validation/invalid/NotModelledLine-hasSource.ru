# A line that is not modelled stands in no source.
DELETE WHERE { GRAPH graph:sources { <https://w3id.org/interkommunal/id/source/grundlagen/L085> oa:hasSource ?value } }
