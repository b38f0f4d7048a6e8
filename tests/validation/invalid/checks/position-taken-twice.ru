# Two signature entries stand at the same place.
DELETE { GRAPH ?passage { signature:ruhr-bottrop schema:position ?position } }
INSERT { GRAPH ?passage { signature:ruhr-bottrop schema:position 8 } }
WHERE { GRAPH ?passage { signature:ruhr-bottrop schema:position ?position } }
