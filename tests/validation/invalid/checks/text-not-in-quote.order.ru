# What stands around an omission stands in the quote the other way round.
DELETE { GRAPH ?passage { goal:ruhr-1-b schema:text ?text } }
INSERT { GRAPH ?passage { goal:ruhr-1-b schema:text "einfließt … in die Kriterien für Personalauswahl"@de } }
WHERE { GRAPH ?passage { goal:ruhr-1-b schema:text ?text } }
