# Two voices speak in a passage.
INSERT DATA { GRAPH graph:passages { p:L039 ik:voice concept:voice-caption } }
