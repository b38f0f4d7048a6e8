# An outcome has lost its wording.
DELETE WHERE { GRAPH ?passage { outcome:ergebnis-1 schema:text ?value } }
