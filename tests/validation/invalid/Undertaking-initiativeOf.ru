# The state is taken for the ministry.
DELETE { GRAPH ?passage { initiative:vielfalt-verbindet ik:initiativeOf ?value } }
INSERT { GRAPH ?passage { initiative:vielfalt-verbindet ik:initiativeOf place:nordrhein-westfalen } }
WHERE { GRAPH ?passage { initiative:vielfalt-verbindet ik:initiativeOf ?value } }
