# An assessment is about nothing.
DELETE WHERE { GRAPH ?passage { characterisation:seite-vielfalt-staerke schema:about ?value } }
