# The town hall is taken for the event of the accession.
DELETE { GRAPH ?passage { participation:vielfalt-verbindet-staedtekooperation ik:occasion ?value } }
INSERT { GRAPH ?passage { participation:vielfalt-verbindet-staedtekooperation ik:occasion place:rathaus-herne } }
WHERE { GRAPH ?passage { participation:vielfalt-verbindet-staedtekooperation ik:occasion ?value } }
