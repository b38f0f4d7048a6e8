# A signature entry has no function.
DELETE WHERE { GRAPH ?passage { signature:ruhr-essen ik:attestedRole ?value } }
