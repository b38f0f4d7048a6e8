# A contradiction holds one way only.
DELETE WHERE { GRAPH graph:editorial { participation:ruhr-herne ik:contradicts signature:ruhr-herne } }
