# An open date is written as text.
DELETE { GRAPH graph:passages { p:L003.1 ik:asOf ?value } }
INSERT { GRAPH graph:passages { p:L003.1 ik:asOf "2016/.." } }
WHERE { GRAPH graph:passages { p:L003.1 ik:asOf ?value } }
