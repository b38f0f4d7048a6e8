# A party is read from the signature block.
INSERT { GRAPH ?passage { agreement:staedteregion-ruhr ik:party city:herne } }
WHERE { GRAPH ?passage { signature:ruhr-herne ik:signedFor city:herne } }
