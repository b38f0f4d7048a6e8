# The office belongs to a region.
DELETE { GRAPH ?passage { unit:geschaeftsbuero org:unitOf ?value } }
INSERT { GRAPH ?passage { unit:geschaeftsbuero org:unitOf place:metropole-ruhr } }
WHERE { GRAPH ?passage { unit:geschaeftsbuero org:unitOf ?value } }
