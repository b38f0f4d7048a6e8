# The cooperation has lost its basis.
DELETE WHERE { GRAPH ?passage { cooperation:integration-interkommunal ik:basedOn ?value } }
