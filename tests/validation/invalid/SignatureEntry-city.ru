# A signature stands for a body that takes no part in the contract.
DELETE { GRAPH ?passage { signature:ruhr-essen ik:signedFor ?value } }
INSERT { GRAPH ?passage { signature:ruhr-essen ik:signedFor organisation:regionalverband-ruhr } }
WHERE { GRAPH ?passage { signature:ruhr-essen ik:signedFor ?value } }
