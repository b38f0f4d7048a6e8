"""The dumps of a release: the whole graph and its parts, each in six formats, plain and compressed.

In go the statements in reading order, out come names, media types and bytes. N-Quads, TriG and JSON-LD keep the named
graph of each statement; N-Triples, Turtle and RDF/XML hold each triple once. The same statements give the same bytes;
compressed ones with the same version of zlib and zstd.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph
import zstandard

from interkommunal.release import formats
from interkommunal.release.quads import FACTS, graph_kind, in_reading_order

# Parts by the kinds of graphs in them; the whole has all kinds. A part without a statement has no dump.
WHOLE: Final = "graph"
PARTS: Final = {
    "facts": FACTS,
    "passages": frozenset({"passage", "passage-register", "source-description"}),
    "reference": frozenset({"reference"}),
    "editorial": frozenset({"editorial"}),
    "derived": frozenset({"derived"}),
    "vocabulary": frozenset({"vocabulary", "shapes"}),
}

# By suffix. The first three name graphs.
MEDIA_TYPES: Final = {
    "nq": "application/n-quads",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
}
# By suffix after the suffix of the format.
PACKED: Final = {"gz": "application/gzip", "zst": "application/zstd"}

# Half way between fast and small: a mebibyte takes about 20 ms.
_GZIP_LEVEL: Final = 6
_ZSTD_LEVEL: Final = 9


@dataclass(frozen=True, slots=True)
class Dump:
    """A file that holds statements.

    Attributes:
        name: of the file. media_type: of its content. holds: ``graph`` or the part.
        make: makes its content.
    """

    name: str
    media_type: str
    holds: str
    make: Callable[[], bytes]


def dumps(quads: Sequence[pyoxigraph.Quad]) -> Iterator[Dump]:
    """The plain dumps of these statements; the canonical N-Quads of the whole come first.

    Args:
        quads: in reading order.
    """
    yield from _formats(WHOLE, quads)
    for part, kinds in PARTS.items():
        chosen = [quad for quad in quads if graph_kind(quad.graph_name) in kinds]
        if chosen:
            yield from _formats(part, chosen)


def packed(name: str, data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """``data``, the content of the file ``name``, compressed: name, media type and bytes in each form.

    No time goes into the gzip header, so that the same content gives the same bytes.
    """
    yield f"{name}.gz", PACKED["gz"], gzip.compress(data, _GZIP_LEVEL, mtime=0)
    yield f"{name}.zst", PACKED["zst"], zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(data)


def _formats(part: str, quads: Sequence[pyoxigraph.Quad]) -> Iterator[Dump]:
    @cache
    def triples() -> list[pyoxigraph.Triple]:
        return in_reading_order({quad.triple for quad in quads})

    makers: dict[str, Callable[[], bytes]] = {
        "nq": lambda: formats.nquads(quads),
        "trig": lambda: formats.trig(quads),
        "jsonld": lambda: formats.json_ld(quads),
        "nt": lambda: formats.ntriples(triples()),
        "ttl": lambda: formats.turtle(triples()),
        "rdf": lambda: formats.rdf_xml(triples()),
    }
    for suffix, make in makers.items():
        yield Dump(f"{part}.{suffix}", MEDIA_TYPES[suffix], part, make)
