"""The vocabulary for people: all terms on one page, one page a term, and how the classes hang together.

``catalogue`` gathers the overview, ``term`` a single class or property, ``diagram`` draws.
"""
