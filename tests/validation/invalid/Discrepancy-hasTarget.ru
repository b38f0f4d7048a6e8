# A discrepancy points nowhere.
DELETE WHERE { GRAPH graph:editorial { discrepancy:frank-frank-und-herne oa:hasTarget ?value } }
