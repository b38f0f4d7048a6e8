# A time marker has no language.
DELETE { GRAPH graph:passages { p:L019.2 ik:timeMarker ?value } }
INSERT { GRAPH graph:passages { p:L019.2 ik:timeMarker ?other } }
WHERE { GRAPH graph:passages { p:L019.2 ik:timeMarker ?value BIND (STR(?value) AS ?other) } }
