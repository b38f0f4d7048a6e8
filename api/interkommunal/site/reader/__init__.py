"""The source reader: a text as it was printed, its passages marked, each with the statements read from it.

``marking`` cuts lines into stretches that the same passages cover, ``register`` asks for the passages of a source,
``view`` puts the page together, ``handler`` answers requests.
"""
