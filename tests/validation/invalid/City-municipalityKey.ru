# A spreadsheet ate the leading zero.
DELETE { GRAPH ?reference { city:essen ik:municipalityKey ?value } }
INSERT { GRAPH ?reference { city:essen ik:municipalityKey "5113000" } }
WHERE { GRAPH ?reference { city:essen ik:municipalityKey ?value } }
