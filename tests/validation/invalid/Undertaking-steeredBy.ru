# A post steers the cooperation.
DELETE { GRAPH ?passage { cooperation:integration-interkommunal ik:steeredBy ?value } }
INSERT { GRAPH ?passage { cooperation:integration-interkommunal ik:steeredBy post:sprecherfunktion } }
WHERE { GRAPH ?passage { cooperation:integration-interkommunal ik:steeredBy ?value } }
