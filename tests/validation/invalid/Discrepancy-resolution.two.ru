# A discrepancy is treated in two ways.
INSERT DATA { GRAPH graph:editorial { discrepancy:frank-frank-und-herne ik:resolution "Anders."@de } }
