# A part of an outcome is part of the project.
DELETE { GRAPH ?passage { outcome:ergebnis-4-a dcterms:isPartOf ?value } }
INSERT { GRAPH ?passage { outcome:ergebnis-4-a dcterms:isPartOf project:gemeinschaftsprojekte-mit-mais } }
WHERE { GRAPH ?passage { outcome:ergebnis-4-a dcterms:isPartOf ?value } }
