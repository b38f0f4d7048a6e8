# The office belongs to nobody.
DELETE WHERE { GRAPH ?passage { unit:geschaeftsbuero org:unitOf ?value } }
