# A signature entry has no signature.
DELETE WHERE { GRAPH ?passage { signature:ruhr-essen ik:attestedSignature ?value } }
