# A discrepancy points to an entry instead of a passage.
INSERT DATA { GRAPH graph:editorial { discrepancy:frank-frank-und-herne oa:hasTarget signature:ruhr-essen } }
