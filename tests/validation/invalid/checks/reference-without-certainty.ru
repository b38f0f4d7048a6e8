# Reference data does not say how sure it is.
DELETE { GRAPH graph:graphs { ?graph ik:certainty ?certainty } }
WHERE {
    { SELECT ?graph { GRAPH ?graph { city:essen ik:municipalityKey ?key } } ORDER BY ?graph LIMIT 1 }
    GRAPH graph:graphs { ?graph ik:certainty ?certainty }
}
