# A signature entry has no printed name.
DELETE WHERE { GRAPH ?passage { signature:ruhr-essen ik:attestedName ?value } }
