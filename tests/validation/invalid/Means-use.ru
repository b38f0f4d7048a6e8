# A means is good for nothing.
DELETE WHERE { GRAPH ?passage { outcome:ergebnis-8 ik:byMeansOf means:videoclips } }
