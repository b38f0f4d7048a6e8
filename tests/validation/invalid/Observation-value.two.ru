# An observation has two numbers.
INSERT DATA { GRAPH graph:editorial { observation:gaeste-2011 schema:value 101 } }
