# A month does not exist.
DELETE { GRAPH ?passage { participation:vielfalt-verbindet-staedtekooperation dcterms:date ?value } }
INSERT { GRAPH ?passage { participation:vielfalt-verbindet-staedtekooperation dcterms:date "2013-13-09"^^xsd:date } }
WHERE { GRAPH ?passage { participation:vielfalt-verbindet-staedtekooperation dcterms:date ?value } }
