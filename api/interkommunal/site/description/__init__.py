"""From an IRI to what the release says of it: statements with their graphs, labels, passages; and that as RDF.

``statements`` asks the store and holds what came back, ``lexicon`` what pages need of the vocabulary, ``serialisation``
describes one resource and writes it in each format.
"""
