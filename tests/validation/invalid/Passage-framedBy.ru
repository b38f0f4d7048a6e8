# A goal frames a passage.
DELETE { GRAPH graph:passages { p:L036 ik:framedBy ?value } }
INSERT { GRAPH graph:passages { p:L036 ik:framedBy goal:ruhr-3 } }
WHERE { GRAPH graph:passages { p:L036 ik:framedBy ?value } }
