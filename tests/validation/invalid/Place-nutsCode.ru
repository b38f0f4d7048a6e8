# A NUTS code got a hyphen.
DELETE { GRAPH ?reference { city:essen ik:nutsCode ?value } }
INSERT { GRAPH ?reference { city:essen ik:nutsCode "DE-A13" } }
WHERE { GRAPH ?reference { city:essen ik:nutsCode ?value } }
