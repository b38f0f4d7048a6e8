# A voice is given as a status.
DELETE { GRAPH graph:passages { p:L039 ik:status ?status } }
INSERT { GRAPH graph:passages { p:L039 ik:status concept:voice-caption } }
WHERE { GRAPH graph:passages { p:L039 ik:status ?status } }
