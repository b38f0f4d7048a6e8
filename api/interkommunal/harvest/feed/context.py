"""What the handlers of feeds and releases share: the files, what they answer with, and how formats are chosen.

The formats of feeds. Members have a graph of their own, so pages come only in formats that have named graphs.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Path
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple
from starlette.responses import Response

from interkommunal.harvest.documents import Documents
from interkommunal.harvest.feed.stream import Stream
from interkommunal.namespaces import FEED_PREFIXES
from interkommunal.release import formats
from interkommunal.release.prefixes import used_prefixes
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.site.errors import Missing
from interkommunal.sparql.query import JSON_LD, N_QUADS, TRIG, TURTLE, Form
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, OFFERS, Format
from interkommunal.web.problems import Problem, RequestProblem, not_acceptable
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers

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


# Where the change of a catalogue is told, and where that of the graph.
PATHS: Final = {"graph": "/feed", "catalogue": "/catalog/feed"}
PER_PAGE: Final = 50
# A release as people name it, and the parts of the path of a thing.
ReleaseName = Annotated[
    str,
    Path(
        description="A release: its identifier, version, start of its content hash, or current.",
        json_schema_extra={"minLength": 1, "maxLength": 200},
    ),
]
PathPart = Annotated[
    str,
    Path(
        description="Type and name of the thing, for example city and essen.",
        json_schema_extra={"minLength": 1, "maxLength": 200},
    ),
]


@dataclass(frozen=True)
class FeedContext:
    """What these handlers share.

    Attributes:
        site_context: what all pages share. documents: know the release in force.
        view: which view of the change table. polling: seconds after which it is worth coming back.
    """

    site_context: SiteContext
    documents: Documents
    view: str
    polling: int

    @property
    def path(self) -> str:
        """Of the root node."""
        return PATHS[self.view]

    def stream(self) -> tuple[ReleaseFiles, Stream]:
        """The files of the release in force, and their stream.

        Raises:
            RequestProblem: there is no change table.
        """
        files = self.documents.publication.files
        if files.history is None:
            raise RequestProblem(NO_HISTORY)
        return files, Stream(files.history, self.view, self.site_context.site.url, self.path, self.polling)

    async def answer(
        self,
        page_request: PageRequest,
        files: ReleaseFiles,
        key: tuple[object, ...],
        make: Callable[[], Representation],
    ) -> Response:
        """The answer that ``key`` stands for while the same files are there; made in a thread."""
        return await self.documents.answer(page_request, ("feed", self.view, *key), lambda _: make(), files)


def chosen_form(page_request: PageRequest, suffix: str, offers: tuple[Format, ...]) -> Format:
    """The format that a suffix names, or else the one that the visitor likes best.

    Raises:
        Missing: the suffix names none. RequestProblem: 406.
    """
    if suffix:
        found = next((form for form in offers if form.suffix == suffix), None)
        if found is None:
            raise Missing(page_request.path)
        return found
    form = page_request.choose(offers)
    if form is None:
        raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
    return form


def data(quads: Iterable[Quad], form: Format, lasting: str, own: str, further: list[str]) -> Representation:
    """Quads as an answer.

    Args:
        quads: what to write, in order.
        form: the format.
        lasting: value of ``Cache-Control``.
        own: URL of what they describe, without suffix.
        further: elements of the ``Link`` field.
    """
    location = (b"content-location", f"{own}.{form.suffix}".encode())
    fields = data_headers(form.content_type, lasting, location, (b"link", ", ".join(further).encode()))
    return Representation(write(quads, form), fields)


def links(own: str, offers: tuple[Format, ...]) -> list[str]:
    """Elements of a ``Link`` field that lead to each format of a URL without suffix."""
    return [f'<{own}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in offers]


NO_HISTORY: Final = Problem(
    "unavailable",
    Text(
        "This server has no readable change table yet; interkommunal build makes one, interkommunal "
        "releases rebuild makes a damaged one anew."
    ),
)
