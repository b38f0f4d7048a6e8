# A focus has lost its wording.
DELETE WHERE { GRAPH ?passage { focus:vorgehensweisen schema:text ?value } }
