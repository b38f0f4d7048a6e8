"""Says in words what is wrong with a query, or why it finds nothing.

``explanation`` puts it together; ``reading`` is what rdflib's parser sees; ``rules`` look at that alone, ``facts`` ask
the graph besides, ``emptiness`` finds the pattern at which the rows run out. All of them ask through the one door.
"""
