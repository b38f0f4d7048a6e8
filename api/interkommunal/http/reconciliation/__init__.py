"""The Reconciliation Service API: which of our things does a name in somebody's table mean?

``names`` finds candidates in the index of the release, ``likeness`` compares two names, ``evidence`` further columns,
``matching`` decides; none of them knows HTTP. ``queries`` reads what clients send, ``schema`` knows types and
properties, ``service`` answers, ``routes`` says at which address.
"""
