# An assessment has lost its wording.
DELETE WHERE { GRAPH ?passage { characterisation:seite-vielfalt-staerke schema:text ?value } }
