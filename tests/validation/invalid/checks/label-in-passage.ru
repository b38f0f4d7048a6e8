# A label of ours stands where the source speaks.
INSERT { GRAPH ?passage { goal:ruhr-2 skos:altLabel "Anteil"@de } }
WHERE { GRAPH ?passage { goal:ruhr-2 schema:position 2 } }
