# The nine cities are guessed to be among the twelve.
INSERT DATA { GRAPH graph:editorial { city:essen org:memberOf group:zwoelf-staedte } }
