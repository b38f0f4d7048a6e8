# A venue is taken for a point.
INSERT DATA { GRAPH graph:editorial { city:essen geo:hasGeometry place:wissenschaftspark-gelsenkirchen } }
