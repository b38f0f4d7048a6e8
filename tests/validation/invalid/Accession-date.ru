# The inferred bounds of an accession are lost.
DELETE WHERE { GRAPH graph:editorial { participation:ruhr-herne ik:dateBounds ?value } }
