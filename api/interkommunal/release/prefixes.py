"""The prefixes that shorten IRIs in Turtle, TriG and RDF/XML: only those used, sorted.

In go terms, out come names and namespaces. The longest namespace wins, and what it leaves of an IRI holds no slash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import pyoxigraph

from interkommunal.namespaces import PREFIXES, expand

_XSD: Final = PREFIXES["xsd"]
# Turtle and TriG write these without their IRI: ``a``, ``"text"``, ``"text"@de``, ``5``, ``true``.
_ABBREVIATED: Final = frozenset(
    {
        expand("rdf:type"),
        expand("rdf:langString"),
        *(f"{_XSD}{name}" for name in ("boolean", "decimal", "double", "integer", "string")),
    }
)


# Namespaces by prefix, the longest first.
_Table = Sequence[tuple[str, str]]


def used_prefixes(terms: Iterable[object], known: Mapping[str, str] = PREFIXES) -> dict[str, str]:
    """The ``known`` prefixes that shorten an IRI among ``terms``, sorted."""
    table = _longest_first(known)
    found = {_shortening(iri, table) for iri in {iri_in(term) for term in terms}}
    return chosen(found, known)


def chosen(names: Iterable[str], known: Mapping[str, str] = PREFIXES) -> dict[str, str]:
    """Of the ``known`` prefixes those with these names, sorted; the empty name is none."""
    return {name: known[name] for name in sorted(names) if name}


@lru_cache(maxsize=1 << 16)
def prefix_of(iri: str) -> str:
    """The prefix of the project that shortens ``iri``; empty if none does or none is needed."""
    return _shortening(iri, _OURS)


def iri_in(term: object) -> str:
    """The IRI that is written with ``term``: its own or that of its data type; empty for others."""
    if isinstance(term, pyoxigraph.NamedNode):
        return term.value
    return term.datatype.value if isinstance(term, pyoxigraph.Literal) else ""


def _shortening(iri: str, table: _Table) -> str:
    if iri and iri not in _ABBREVIATED:
        for prefix, namespace in table:
            if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
                return prefix
    return ""


def _longest_first(known: Mapping[str, str]) -> _Table:
    return sorted(known.items(), key=lambda item: (-len(item[1]), item[0]))


_OURS: Final = _longest_first(PREFIXES)
