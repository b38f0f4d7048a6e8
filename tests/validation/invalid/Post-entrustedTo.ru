# A function is entrusted to a group instead of a post.
DELETE { GRAPH ?passage { post:sprecherfunktion ik:entrustedTo ?value } }
INSERT { GRAPH ?passage { post:sprecherfunktion ik:entrustedTo group:staedtische-integrationsressorts } }
WHERE { GRAPH ?passage { post:sprecherfunktion ik:entrustedTo ?value } }
