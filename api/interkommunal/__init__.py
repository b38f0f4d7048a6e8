"""An open knowledge graph of how cities work together, and the server that publishes it.

The rooms of the house, from left to right: ``graph`` assembles the data, ``validation`` checks it, ``release`` freezes
it, ``engine`` answers SPARQL over it, ``http`` publishes it. A room imports only from rooms to its left and from the
small shared modules ``settings``, ``content``, ``namespaces`` and ``errors``.
"""

__version__ = "0.1.0"
# Day of the version, as in CHANGELOG.md and CITATION.cff. What portals read as the day of a change comes from here.
__released__ = "2026-11-23"
