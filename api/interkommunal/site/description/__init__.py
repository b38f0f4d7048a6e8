"""From an IRI to what the release says of it: statements with their graphs, labels, passages; and that as RDF.

``door`` is the one way to the store, ``statements`` holds what came back, ``lexicon`` what every page needs of the
vocabulary, ``description`` asks for one resource, ``serialisation`` writes it in each format.
"""
