"""The formats of feeds. Members have a graph of their own, so pages come only in formats that have named graphs."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple

from interkommunal.namespaces import FEED_PREFIXES
from interkommunal.release import formats
from interkommunal.release.prefixes import used_prefixes
from interkommunal.sparql.query import JSON_LD, N_QUADS, TRIG, TURTLE, Form
from interkommunal.web.formats import HTML, OFFERS, Format

# A dump of statements, but no page for SPARQL: the engine answers in triples.
N_QUADS_FORMAT: Final = Format(N_QUADS, ("text/x-nquads",), "", "nq", "N-Quads", ("nq", "nquads", "n-quads"))
_KNOWN: Final = {item.media_type: item for item in (*OFFERS[Form.CONSTRUCT], N_QUADS_FORMAT)}

# Our favourite first. A node without members has no named graph, so Turtle can hold it.
WITH_MEMBERS: Final[tuple[Format, ...]] = (*(_KNOWN[name] for name in (TRIG, N_QUADS, JSON_LD)), HTML)
WITHOUT_MEMBERS: Final[tuple[Format, ...]] = (*(_KNOWN[name] for name in (TURTLE, TRIG, N_QUADS, JSON_LD)), HTML)
SHAPE: Final = _KNOWN[TURTLE]


def write(quads: Iterable[Quad], form: Format) -> bytes:
    """Quads in a format, members in their order."""
    return _WRITERS[form.media_type](list(quads))


def _turtle(quads: list[Quad]) -> bytes:
    return formats.turtle([quad.triple for quad in quads], FEED_PREFIXES)


def _trig(quads: list[Quad]) -> bytes:
    stream = io.BytesIO()
    prefixes = used_prefixes((term for quad in quads for term in quad), FEED_PREFIXES)
    formats.write(quads, RdfFormat.TRIG, prefixes, stream)
    return stream.getvalue()


def _nquads(quads: list[Quad]) -> bytes:
    return b"".join(formats.lines(quads, RdfFormat.N_QUADS))


def _json_ld(quads: list[Quad]) -> bytes:
    """One array: the nodes of the default graph, then an object for each named graph."""
    plain: list[Triple] = [quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
    named = [quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)]
    # Both are arrays with their brackets on lines of their own.
    nodes = formats.json_ld_nodes(plain).removesuffix(b"\n]\n")
    return nodes + (b",\n" + formats.json_ld(named).removeprefix(b"[\n") if named else b"\n]\n")


_WRITERS: Final[dict[str, Callable[[list[Quad]], bytes]]] = {
    TURTLE: _turtle,
    TRIG: _trig,
    N_QUADS: _nquads,
    JSON_LD: _json_ld,
}
