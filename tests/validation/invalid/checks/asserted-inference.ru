# The editors infer what a passage says anyway.
INSERT { GRAPH ?passage { ?subject ?property ?object } }
WHERE {
    GRAPH graph:editorial {
        inference:wissenschaftspark-in-gelsenkirchen ik:inferredSubject ?subject ;
            ik:inferredPredicate ?property ;
            ik:inferredObject ?object ;
            prov:wasDerivedFrom ?passage .
    }
}
