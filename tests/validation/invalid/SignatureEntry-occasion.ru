# An entry in the block is tied to the forum of the same year.
INSERT DATA { GRAPH graph:editorial { signature:ruhr-bochum ik:occasion event:forum-2010 } }
