# A number is about two things.
INSERT DATA { GRAPH graph:editorial { observation:gaeste-2011 schema:observationAbout event:forum-2011 } }
