# A goal is given as a principle.
INSERT DATA { GRAPH graph:editorial { cooperation:integration-interkommunal ik:hasPrinciple goal:staedtekooperation-prinzip } }
