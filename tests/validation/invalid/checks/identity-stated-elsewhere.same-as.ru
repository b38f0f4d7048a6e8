# Two things are merged, which nobody can take back.
INSERT DATA { GRAPH graph:editorial { city:essen owl:sameAs wd:Q2066 } }
