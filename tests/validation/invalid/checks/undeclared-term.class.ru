# A class is misspelt.
INSERT DATA { GRAPH graph:editorial { city:essen a ik:Ctiy } }
