# Nothing says whether this is a self-description or an assessment.
DELETE WHERE { GRAPH ?passage { characterisation:seite-vielfalt-staerke dcterms:type ?value } }
