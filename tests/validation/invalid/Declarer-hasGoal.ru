# A topic is given as a goal.
INSERT DATA { GRAPH graph:editorial { cooperation:integration-interkommunal ik:hasGoal concept:topic-diversity } }
