"""The Reconciliation Service API: which of our things does a name in somebody's table mean?

``index`` finds names in the index of the release, ``likeness`` compares two, ``evidence`` further columns, ``matching``
decides; none of them knows HTTP. ``schema`` knows types and properties, ``request`` and ``extension`` read what clients
send, ``answering`` and ``extension`` make the answers, ``pages`` shows them to people, and ``service`` is the door.
"""
