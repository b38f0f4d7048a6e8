# Nobody looks at a focus.
DELETE WHERE { GRAPH ?passage { cooperation:integration-interkommunal ik:hasFocus focus:vorgehensweisen } }
