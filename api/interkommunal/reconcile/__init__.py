"""The Reconciliation Service API: which of our things does a name in somebody's table mean?

``names`` finds candidates in the index of the release, ``likeness`` compares two names, ``evidence`` further columns,
``matching`` decides; none of them knows HTTP. ``schema`` knows types and properties, ``queries`` and ``wishes`` read
what clients send, ``answering`` and ``extension`` make the answers, ``browsing`` and ``page`` show them to people, and
``service`` stands at the door.
"""
