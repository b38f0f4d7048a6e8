# A line that is not modelled has no selector.
DELETE WHERE { GRAPH graph:sources { <https://w3id.org/interkommunal/id/source/grundlagen/L085> oa:hasSelector ?value } }
