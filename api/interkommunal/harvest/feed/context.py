"""What the handlers of feeds and releases share: how formats are chosen, data written and answers given."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Path
from pyoxigraph import DefaultGraph, Quad, RdfFormat
from starlette.responses import Response

from interkommunal.harvest.documents import Documents, chosen
from interkommunal.namespaces import FEED_PREFIXES
from interkommunal.release import formats
from interkommunal.release.history import History
from interkommunal.release.prefixes import used_prefixes
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.site.description.lexicon import Lexicon
from interkommunal.site.errors import Missing
from interkommunal.sparql.query import JSON_LD, N_QUADS, TRIG, TURTLE, Form
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, OFFERS, Format
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers

RDF: Final = {item.media_type: item for item in OFFERS[Form.CONSTRUCT]}
PER_PAGE: Final = 50


def _name(description: str) -> object:
    return Path(description=description, json_schema_extra={"minLength": 1, "maxLength": 200})


# A release as people name it, and the parts of the path of a thing.
ReleaseName = Annotated[str, _name("A release: its identifier, version, start of its content hash, or current.")]
PathPart = Annotated[str, _name("Type and name of the thing, for example city and essen.")]


@dataclass(frozen=True)
class HistoryContext:
    """What these handlers share.

    Attributes:
        site_context: what all pages share. documents: know the release in force.
    """

    site_context: SiteContext
    documents: Documents

    def history(self) -> tuple[ReleaseFiles, History]:
        """The files of the release in force, and their change table.

        Raises:
            RequestProblem: 503, there is none.
        """
        files = self.documents.publication.files
        if files.history is None:
            raise RequestProblem(_NO_HISTORY)
        return files, files.history

    async def answer(
        self,
        page_request: PageRequest,
        files: ReleaseFiles,
        key: tuple[object, ...],
        form: Format,
        make: Callable[[], Representation],
    ) -> Response:
        """The answer in a format that ``key`` stands for while the same files are there; made in a thread."""
        people = (page_request.language, page_request.parameters) if form is HTML else ()
        return await self.documents.answer(page_request, (*key, form.suffix, *people), lambda _: make(), files)

    async def lexicon(self, form: Format) -> Lexicon | None:
        """What terms are called; only pages need it."""
        return (await self.site_context.editions.current()).lexicon if form is HTML else None


def chosen_form(request: PageRequest, suffix: str, offers: tuple[Format, ...]) -> Format:
    """The format that a suffix names, or else the one that the visitor likes best.

    Raises:
        Missing: the suffix names none. RequestProblem: 406.
    """
    if not suffix:
        return chosen(request, offers)
    if form := next((form for form in offers if form.suffix == suffix), None):
        return form
    raise Missing(request.path)


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


def links(own: str, offers: Iterable[Format]) -> list[str]:
    """Elements of a ``Link`` field that lead to each format of a URL without suffix."""
    return [f'<{own}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in offers]


def write(statements: Iterable[Quad], form: Format) -> bytes:
    """Quads in a format, members in their order."""
    quads = list(statements)
    if form.media_type == TURTLE:
        return formats.turtle([quad.triple for quad in quads], FEED_PREFIXES)
    if form.media_type == TRIG:
        stream = io.BytesIO()
        prefixes = used_prefixes((term for quad in quads for term in quad), FEED_PREFIXES)
        formats.write(quads, RdfFormat.TRIG, prefixes, stream)
        return stream.getvalue()
    if form.media_type == N_QUADS:
        return b"".join(formats.lines(quads, RdfFormat.N_QUADS))
    # JSON-LD is one array: the nodes of the default graph, then an object for each named graph. Both are arrays with
    # their brackets on lines of their own.
    assert form.media_type == JSON_LD
    plain = [quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
    named = [quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)]
    nodes = formats.json_ld_nodes(plain).removesuffix(b"\n]\n")
    return nodes + (b",\n" + formats.json_ld(named).removeprefix(b"[\n") if named else b"\n]\n")


_NO_HISTORY: Final = Problem(
    "unavailable",
    Text(
        "This server has no readable change table yet; interkommunal build makes one, interkommunal "
        "releases rebuild makes a damaged one anew."
    ),
)
