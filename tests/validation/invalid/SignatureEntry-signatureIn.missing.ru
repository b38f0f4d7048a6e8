# A signature entry stands under nothing.
DELETE WHERE { GRAPH ?passage { signature:ruhr-essen ik:signatureIn ?value } }
