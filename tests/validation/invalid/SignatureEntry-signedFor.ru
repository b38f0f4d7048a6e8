# A signature entry stands for no city.
DELETE WHERE { GRAPH ?passage { signature:ruhr-essen ik:signedFor ?value } }
