# A signature entry has no place in the block.
DELETE WHERE { GRAPH ?passage { signature:ruhr-essen schema:position ?value } }
