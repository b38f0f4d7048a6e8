# The state is taken for the ministry.
DELETE { GRAPH ?passage { project:gemeinschaftsprojekte-mit-mais ik:supportedBy ?value } }
INSERT { GRAPH ?passage { project:gemeinschaftsprojekte-mit-mais ik:supportedBy place:nordrhein-westfalen } }
WHERE { GRAPH ?passage { project:gemeinschaftsprojekte-mit-mais ik:supportedBy ?value } }
