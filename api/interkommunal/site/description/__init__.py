"""From an IRI to what the release says of it: statements with their graphs, labels, passages; and that as RDF.

``graph_client`` is the one way to the store, ``statements`` holds what came back, ``lexicon`` what pages need of the
vocabulary, ``description`` asks for one resource, ``serialisation`` writes it in each format.
"""
