# The source has no language.
DELETE WHERE { GRAPH graph:sources { source:grundlagen dcterms:language ?value } }
