# A line that is not modelled has no number.
DELETE WHERE { GRAPH graph:sources { <https://w3id.org/interkommunal/id/source/grundlagen/L085> ik:line ?value } }
