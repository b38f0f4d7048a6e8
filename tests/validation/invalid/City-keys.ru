# Essen got the municipality key of Duisburg.
DELETE { GRAPH ?reference { city:essen ik:municipalityKey ?value } }
INSERT { GRAPH ?reference { city:essen ik:municipalityKey "05112000" } }
WHERE { GRAPH ?reference { city:essen ik:municipalityKey ?value } }
