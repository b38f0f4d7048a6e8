# The cooperation is based on a wording instead of the agreement.
DELETE { GRAPH ?passage { cooperation:integration-interkommunal ik:basedOn ?value } }
INSERT { GRAPH ?passage { cooperation:integration-interkommunal ik:basedOn text:staedteregion-ruhr-2010-05-28 } }
WHERE { GRAPH ?passage { cooperation:integration-interkommunal ik:basedOn ?value } }
