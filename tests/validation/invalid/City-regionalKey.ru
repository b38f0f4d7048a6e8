# A spreadsheet ate the leading zero.
DELETE { GRAPH ?reference { city:essen ik:regionalKey ?value } }
INSERT { GRAPH ?reference { city:essen ik:regionalKey "51130000000" } }
WHERE { GRAPH ?reference { city:essen ik:regionalKey ?value } }
