# A signature entry stands under the agreement instead of its wording.
DELETE { GRAPH ?passage { signature:ruhr-essen ik:signatureIn ?value } }
INSERT { GRAPH ?passage { signature:ruhr-essen ik:signatureIn agreement:staedteregion-ruhr } }
WHERE { GRAPH ?passage { signature:ruhr-essen ik:signatureIn ?value } }
