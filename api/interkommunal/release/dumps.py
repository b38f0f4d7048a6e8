"""The dumps of a release: the whole graph and its parts, each in six formats, plain and compressed.

In go sorted statements, out go files. N-Quads, TriG and JSON-LD keep the named graph of each statement; N-Triples,
Turtle and RDF/XML hold each triple once. JSON-LD has each triple in its default graph besides, because clients that
read it as a plain document ask that one only. The same statements give the same bytes; compressed ones with the same
version of zlib and zstd. Everything is streamed: memory does not grow with the graph.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import zstandard
from pyoxigraph import RdfFormat

from interkommunal.release import formats
from interkommunal.release.output import Folder, Output
from interkommunal.release.quads import FACTS
from interkommunal.release.release import QUADS
from interkommunal.release.statements import QUADS_TYPE, Kinds, Statements

# Parts by the kinds of graphs in them; the whole has all kinds. A part without a statement has no dump.
WHOLE: Final = "graph"
PARTS: Final = {
    "facts": FACTS,
    "passages": frozenset({"passage", "passage-register", "source-description"}),
    "reference": frozenset({"reference"}),
    "links": frozenset({"links", "mapping-register"}),
    "editorial": frozenset({"editorial"}),
    "derived": frozenset({"derived"}),
    "vocabulary": frozenset({"vocabulary", "shapes"}),
}
# The list of graphs goes with the whole only.
_REGISTER: Final = "register"

# By suffix. The first three name graphs.
MEDIA_TYPES: Final = {
    "nq": QUADS_TYPE,
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
# zlib writes the header and the end of gzip with this size of window, and no time.
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Dump:
    """A file that holds statements.

    Attributes:
        name: of the file. media_type: of its content. holds: ``graph`` or the part.
        write: writes its content.
    """

    name: str
    media_type: str
    holds: str
    write: Callable[[Output], None]

    def make(self, folder: Folder) -> None:
        """Writes it into ``folder``, plain and compressed; what is there already is only compressed."""
        if self.name not in folder.files:
            with folder.new(self.name, self.media_type, self.holds) as output:
                self.write(output)
        pack(folder, self.name)


def parts_of(kinds: Kinds) -> Mapping[str, Kinds]:
    """The parts of a graph with graphs of these kinds, by name; a kind that no part is for is one by itself."""
    known = frozenset({_REGISTER}).union(*PARTS.values())
    return {name: part for name, part in PARTS.items() if part & kinds} | {
        kind: frozenset({kind}) for kind in sorted(kinds - known)
    }


def dumps(statements: Statements) -> Iterator[Dump]:
    """The plain dumps of these statements; the canonical N-Quads of the whole come first."""
    yield from _formats(WHOLE, statements, statements.kinds)
    for part, kinds in parts_of(statements.kinds).items():
        yield from _formats(part, statements, kinds)


def pack(folder: Folder, name: str) -> None:
    """Compresses the file ``name`` of ``folder``, in each way, beside it.

    No time goes into the gzip header, so that the same content gives the same bytes.
    """
    plain = folder.files[name]
    gzip = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    zstd = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj(size=plain.bytes)
    with (
        (folder.path / name).open("rb") as stream,
        folder.new(f"{name}.gz", PACKED["gz"], plain.holds) as gz,
        folder.new(f"{name}.zst", PACKED["zst"], plain.holds) as zst,
    ):
        while piece := stream.read(_PIECE):
            gz.write(gzip.compress(piece))
            zst.write(zstd.compress(piece))
        gz.write(gzip.flush())
        zst.write(zstd.flush())


def _formats(part: str, statements: Statements, kinds: Kinds) -> Iterator[Dump]:
    def of(suffix: str, write: Callable[[Output], None]) -> Dump:
        return Dump(f"{part}.{suffix}", MEDIA_TYPES[suffix], part, write)

    # The canonical N-Quads of the whole are there: everything else is made of them.
    assert f"{WHOLE}.nq" == QUADS
    yield of("nq", lambda output: _copy(statements.nquads(kinds), output))
    yield of(
        "trig",
        lambda output: formats.write(statements.quads(kinds), RdfFormat.TRIG, statements.graph_prefixes(kinds), output),
    )
    yield of("jsonld", lambda output: formats.write_json_ld(statements.triples(kinds), statements.quads(kinds), output))
    yield of("nt", lambda output: _copy(statements.ntriples(kinds), output))
    yield of("ttl", partial(_write_triples, statements, kinds, RdfFormat.TURTLE, statements.term_prefixes(kinds)))
    yield of("rdf", partial(_write_triples, statements, kinds, RdfFormat.RDF_XML, statements.name_prefixes(kinds)))


def _write_triples(
    statements: Statements, kinds: Kinds, syntax: RdfFormat, prefixes: Mapping[str, str], output: Output
) -> None:
    formats.write(statements.triples(kinds), syntax, prefixes, output)


def _copy(lines: Iterable[bytes], output: Output) -> None:
    for line in lines:
        output.write(line)
