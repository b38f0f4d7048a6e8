# An activity has lost its wording.
DELETE WHERE { GRAPH ?passage { activity:knowhow-buendeln schema:text ?value } }
