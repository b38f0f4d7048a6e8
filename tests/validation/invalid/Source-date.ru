# The source has no date.
DELETE WHERE { GRAPH graph:sources { source:grundlagen dcterms:date ?value } }
