# A goal is given as a means.
INSERT DATA { GRAPH graph:editorial { goal:ruhr-2 ik:byMeansOf goal:ruhr-3 } }
