# A printed name is corrected.
DELETE { GRAPH ?passage { signature:ruhr-essen ik:attestedName ?name } }
INSERT { GRAPH ?passage { signature:ruhr-essen ik:attestedName "Frank Franke" } }
WHERE { GRAPH ?passage { signature:ruhr-essen ik:attestedName ?name } }
