# A topic is given as a focus.
INSERT DATA { GRAPH graph:editorial { cooperation:integration-interkommunal ik:hasFocus concept:topic-diversity } }
