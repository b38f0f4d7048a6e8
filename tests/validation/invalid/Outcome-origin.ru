# An outcome came out of nothing.
DELETE WHERE { GRAPH ?passage { outcome:ergebnis-1 ik:outcomeOf ?value } }
