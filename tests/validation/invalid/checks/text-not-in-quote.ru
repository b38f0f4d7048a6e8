# A goal is paraphrased.
DELETE { GRAPH ?passage { goal:ruhr-2 schema:text ?text } }
INSERT { GRAPH ?passage { goal:ruhr-2 schema:text "der Anteil der Beschäftigten ihrem Anteil an der Stadtbevölkerung entspricht"@de } }
WHERE { GRAPH ?passage { goal:ruhr-2 schema:text ?text } }
