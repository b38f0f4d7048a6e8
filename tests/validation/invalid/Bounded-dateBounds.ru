# A bracket of EDTF is wrong.
DELETE { GRAPH graph:editorial { participation:ruhr-herne ik:dateBounds ?value } }
INSERT { GRAPH graph:editorial { participation:ruhr-herne ik:dateBounds "[2010-05-28..)"^^edtf:EDTF } }
WHERE { GRAPH graph:editorial { participation:ruhr-herne ik:dateBounds ?value } }
