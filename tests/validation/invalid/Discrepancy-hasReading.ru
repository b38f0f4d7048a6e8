# A passage is taken for a reading.
INSERT DATA { GRAPH graph:editorial { discrepancy:frank-frank-und-herne ik:hasReading p:L053-L054 } }
