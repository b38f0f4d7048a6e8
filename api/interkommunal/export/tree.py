"""Feeds of a copy: their pages name each other by files, for there is nobody to negotiate formats.

A page of a feed (TREE) names other pages by ``tree:node`` and ``tree:view``, without suffix. In the copy each format is
a chain of files of its own: what ends in ``.trig`` leads to what ends in ``.trig``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat

_TREE: Final = "https://w3id.org/tree#"
_LEADS: Final = frozenset({f"{_TREE}node", f"{_TREE}view"})
_MENTIONED: Final = re.compile(rb"tree(?:#|:)(?:node|view)\b")
_IRI: Final = re.compile(r'(?<=[<"])https?://[^<>"\s]+(?=[>"])')
_FORMATS: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
}


def nodes(body: bytes, suffix: str) -> set[str]:
    """The IRIs of the pages that a page of a feed names, none if it is none."""
    if suffix not in _FORMATS or not _MENTIONED.search(body):
        return set()
    return {
        quad.object.value
        for quad in pyoxigraph.parse(body, format=_FORMATS[suffix])
        if quad.predicate.value in _LEADS and isinstance(quad.object, NamedNode)
    }


def with_suffix(text: str, named: Collection[str], suffix: str) -> str:
    """A page of a feed that names the pages ``named`` by their files of the same format."""
    return _IRI.sub(lambda match: f"{match[0]}.{suffix}" if match[0] in named else match[0], text)
