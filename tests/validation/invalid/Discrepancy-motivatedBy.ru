# A discrepancy has no motivation.
DELETE WHERE { GRAPH graph:editorial { discrepancy:frank-frank-und-herne oa:motivatedBy ?value } }
