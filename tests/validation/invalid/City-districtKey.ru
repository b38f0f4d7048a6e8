# A spreadsheet ate the leading zero.
DELETE { GRAPH ?reference { city:essen ik:districtKey ?value } }
INSERT { GRAPH ?reference { city:essen ik:districtKey "5113" } }
WHERE { GRAPH ?reference { city:essen ik:districtKey ?value } }
