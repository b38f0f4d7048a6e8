# A city is linked to no authority file.
DELETE WHERE { GRAPH ?reference { city:bottrop skos:exactMatch ?value } }
