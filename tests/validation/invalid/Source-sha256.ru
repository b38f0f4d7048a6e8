# The checksum is written in capitals.
DELETE { GRAPH graph:sources { source:grundlagen schema:sha256 ?value } }
INSERT { GRAPH graph:sources { source:grundlagen schema:sha256 ?other } }
WHERE { GRAPH graph:sources { source:grundlagen schema:sha256 ?value BIND (UCASE(?value) AS ?other) } }
