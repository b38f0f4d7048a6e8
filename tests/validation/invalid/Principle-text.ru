# A principle has lost its wording.
DELETE WHERE { GRAPH ?passage { principle:eignung schema:text ?value } }
