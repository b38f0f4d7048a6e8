# A means has lost its wording.
DELETE WHERE { GRAPH ?passage { means:videoclips schema:text ?value } }
