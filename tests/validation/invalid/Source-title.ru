# The title of the source has no language.
DELETE { GRAPH graph:sources { source:grundlagen dcterms:title ?value } }
INSERT { GRAPH graph:sources { source:grundlagen dcterms:title ?other } }
WHERE { GRAPH graph:sources { source:grundlagen dcterms:title ?value BIND (STR(?value) AS ?other) } }
