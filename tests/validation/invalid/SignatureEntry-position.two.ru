# A signature entry has two places in the block.
INSERT DATA { GRAPH graph:editorial { signature:ruhr-essen schema:position 10 } }
