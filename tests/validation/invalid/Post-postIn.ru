# A post belongs to nobody.
DELETE WHERE { GRAPH ?passage { post:sprecherfunktion org:postIn ?value } }
