"""The catalogue for people: ``/catalog.html``, and a page for each dataset at ``/dataset/{slug}``.

The pages show what the catalogue in RDF says, with how to take it. Search engines find schema.org on them.

Routes of a document in RDF: one address that negotiates, and one with a suffix for each format.

Harvesters send ``Accept: */*`` or nothing and mean RDF, so Turtle is the default.

A catalogue in pages of one dataset each, for harvesters that take a catalogue piece by piece.

In go the triples of the whole catalogue, out come those of a page: the dataset with everything that belongs to it, the
catalogue and its services, and where the next page is (Hydra Core Vocabulary, section 5.2.1). All pages together say
what the whole says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph
from fastapi import Request, Response

from interkommunal.dates import date_in_words
from interkommunal.graph.terms import named
from interkommunal.harvest.documents import Documents
from interkommunal.harvest.listing import LICENCE, Download, Listed, Listing, schema_org, size_words
from interkommunal.namespaces import CATALOGUE_PREFIXES
from interkommunal.release import datasets, formats, vocabulary, void
from interkommunal.release.catalogue import Operator, catalogue
from interkommunal.release.datasets import DATASETS, offered
from interkommunal.release.descriptions import Value, described, node, number
from interkommunal.release.quads import in_reading_order
from interkommunal.release.release import Release
from interkommunal.release.tables import FOLDER
from interkommunal.release.tables import FORMATS as TABLE_FORMATS
from interkommunal.settings import Settings
from interkommunal.site.context import SiteContext
from interkommunal.site.entity.model import Link
from interkommunal.site.errors import Missing
from interkommunal.site.metadata import TypedLink, embedded, header
from interkommunal.sparql.query import Form
from interkommunal.texts import Language, Text
from interkommunal.web.formats import HTML, OFFERS, Format
from interkommunal.web.problems import Problem, RequestProblem, not_acceptable
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.request import ClientRequest, Parameters, page_count, page_number
from interkommunal.web.responder import redirect
from interkommunal.web.routing import Route, route

PARAMETER: Final = "page"
_RELATION: Final = named("dcterms:relation")


def pages(triples: Sequence[pyoxigraph.Triple]) -> int:
    """How many pages the catalogue with these triples has."""
    return max(1, len(_datasets(triples)))


def page_of(triples: Sequence[pyoxigraph.Triple], catalogue: str, page: int, url: str) -> list[pyoxigraph.Triple]:
    """The triples of a page, in reading order.

    Args:
        triples: of the whole catalogue.
        catalogue: IRI of the catalogue.
        page: its number, from 1 to :func:`pages`.
        url: address of the catalogue in this format, to which ``?page=`` is added.
    """
    datasets = _datasets(triples)
    others = {iri for place, iri in enumerate(datasets, 1) if place != page}
    about: dict[str, list[pyoxigraph.Triple]] = defaultdict(list)
    for triple in triples:
        assert isinstance(triple.subject, pyoxigraph.NamedNode), "a catalogue has no blank nodes"
        about[triple.subject.value].append(triple)
    chosen: set[pyoxigraph.Triple] = set()
    seen, waiting = {catalogue}, [catalogue]
    while waiting:
        for triple in about[waiting.pop()]:
            iri = triple.object.value if isinstance(triple.object, pyoxigraph.NamedNode) else ""
            if iri in others:
                # Related datasets are named, not brought along; what contains or serves them is told on their pages.
                if triple.predicate == _RELATION:
                    chosen.add(triple)
                continue
            chosen.add(triple)
            if iri in about and iri not in seen:
                seen.add(iri)
                waiting.append(iri)
    return in_reading_order(chosen | set(_view(len(datasets), page, url)))


def _view(total: int, page: int, url: str) -> list[pyoxigraph.Triple]:
    def there(number_: int) -> list[Value]:
        return [node(f"{url}?page={number_}")] if 1 <= number_ <= total else []

    return list(
        described(
            f"{url}?page={page}",
            ["hydra:PartialCollectionView"],
            {
                "hydra:first": there(1),
                "hydra:previous": there(page - 1),
                "hydra:next": there(page + 1),
                "hydra:last": there(max(1, total)),
                "hydra:totalItems": [number(total)],
            },
        )
    )


def _datasets(triples: Sequence[pyoxigraph.Triple]) -> list[str]:
    subjects = {triple.subject.value for triple in triples if isinstance(triple.subject, pyoxigraph.NamedNode)}
    return [dataset.iri for dataset in DATASETS if dataset.iri in subjects]


_WRITERS: Final[dict[str, Callable[[list[pyoxigraph.Triple]], bytes]]] = {
    "ttl": lambda triples: formats.turtle(triples, CATALOGUE_PREFIXES),
    "rdf": lambda triples: formats.rdf_xml(triples, CATALOGUE_PREFIXES),
    "jsonld": formats.json_ld_nodes,
    "nt": formats.ntriples,
}
_OFFERED: Final = {offer.suffix: offer for offer in OFFERS[Form.CONSTRUCT]}
# Digits of a page number, and characters of one that names a kept document.
_LONGEST: Final = 10
# Our favourite first.
FORMATS: Final = tuple(_OFFERED[suffix] for suffix in _WRITERS)


@dataclass(frozen=True, slots=True)
class Description:
    """A document in RDF.

    Attributes:
        path: its address without suffix, for example ``/catalog``.
        summary: what it is, for the description of the interface.
        triples: makes its triples; runs in a thread. ``None`` for what is frozen.
        see_also: path of a document that describes this one.
        page: the same for people, for clients that prefer HTML.
        frozen: takes it from the release instead, in the format of a suffix; for what has blank nodes.
        in_pages: whether it is a catalogue that can be asked for piece by piece.
    """

    path: str
    summary: str
    triples: Callable[[ReleaseFiles], list[pyoxigraph.Triple]] | None
    see_also: str
    page: Callable[[Request, ClientRequest], Awaitable[Response]] | None = None
    frozen: Callable[[ReleaseFiles, str], bytes] | None = None
    in_pages: bool = False


def description_routes(description: Description, documents: Documents, address: str) -> list[Route]:
    """The routes of ``description``, below the public URL ``address``."""

    async def answer(request: ClientRequest, offer: Format) -> Response:
        asked = Parameters(request.query_string).one(PARAMETER) if description.in_pages else None
        page = "" if asked is None else f"?{PARAMETER}={quote(asked[:_LONGEST])}"
        name = f"{description.path}.{offer.suffix}{page}"
        headers = data_headers(
            offer.content_type,
            documents.responder.cache_control,
            (b"content-location", f"{address}{name}".encode()),
            (b"link", _links(description, address, page).encode()),
        )

        def make(files: ReleaseFiles) -> Representation:
            if description.frozen is not None:
                return Representation(description.frozen(files, offer.suffix), headers)
            assert description.triples is not None, "what is not frozen is made"
            triples = description.triples(files)
            if asked is not None:
                number = page_number(asked)
                page_count(pages(triples), 1, number)
                catalogue = f"{address}{description.path}"
                triples = page_of(triples, catalogue, number, f"{catalogue}.{offer.suffix}")
            return Representation(_WRITERS[offer.suffix](triples), headers)

        return await documents.answer(request, (name,), make)

    async def negotiated(request: Request) -> Response:
        asked = documents.request(request)
        offers = FORMATS if description.page is None else (*FORMATS, HTML)
        offer = asked.choose(offers)
        if offer is None:
            raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
        if offer is HTML and description.page is not None:
            return await description.page(request, asked)
        return await answer(asked, offer)

    def fixed(offer: Format) -> Route:
        async def in_format(request: Request) -> Response:
            return await answer(documents.request(request), offer)

        path = f"{description.path}.{offer.suffix}"
        return route(path, in_format, [offer.media_type], summary=description.summary)

    kinds = [offer.media_type for offer in (*FORMATS, HTML)]
    return [
        route(description.path, negotiated, kinds, summary=description.summary),
        *map(fixed, FORMATS),
    ]


def _links(description: Description, address: str, page: str) -> str:
    """The ``Link`` field; ``page`` is the query of the part of the catalogue that is shown."""
    own = [
        f'<{address}{description.path}.{offer.suffix}{page}>; rel="alternate"; type="{offer.media_type}"'
        for offer in FORMATS
    ]
    if description.page is not None and not page:
        own.append(f'<{address}{description.path}.html>; rel="alternate"; type="{HTML.media_type}"')
    return ", ".join([*own, f'<{address}{description.see_also}>; rel="describedby"'])


CATALOGUE: Final = "/catalog.html"
DATASET: Final = "/dataset/"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table: its name, and its file in each format (address, bytes)."""

    name: str
    files: tuple[tuple[str, int], ...]


class CataloguePage:
    """``/catalog.html``.

    Args:
        site_context: what all pages share.
        documents: knows the release in force.
        listing: reads the catalogue of a release in a language; runs in a thread.
    """

    def __init__(
        self, site_context: SiteContext, documents: Documents, listing: Callable[[ReleaseFiles, Language], Listing]
    ) -> None:
        self._site_context = site_context
        self._documents = documents
        self._listing = listing

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        return await self.page(request, self._documents.request(request))

    async def page(self, request: Request, asked: ClientRequest) -> Response:
        """The answer to a client of which ``asked`` knows what it wants."""
        site_context, language = self._site_context, asked.language

        def make(files: ReleaseFiles) -> Representation:
            listing = self._listing(files, language)
            frame = site_context.framed(language, files.release, CATALOGUE)
            return site_context.page(
                "catalogue.html",
                frame,
                datasets=listing.datasets,
                services=listing.services,
                licence=LICENCE,
                dataset_path=DATASET,
                size=lambda size: size_words(size, frame.say.decimal),
                day=lambda time: date_in_words(time[:10], language),
                crumbs=(Link(frame.say("Start"), frame.address("/")), Link(_TITLE.in_(language))),
                title=_TITLE.in_(language),
            )

        return await self._documents.answer(asked, (CATALOGUE, language), make)


class DatasetPage(CataloguePage):
    """``/dataset/{slug}``."""

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such dataset.
        """
        site_context, page_request = self._site_context, self._site_context.page_request(request)
        offer = page_request.choose((HTML, *FORMATS))
        if offer is None:
            raise not_acceptable([item.media_type for item in (HTML, *FORMATS)], [item.suffix for item in FORMATS])
        slug = str(request.path_params["slug"]).removesuffix(".html")
        if offer is not HTML:
            # The catalogue describes all datasets in one document.
            return redirect(site_context.site.absolute(f"/catalog.{offer.suffix}"), 303, (b"vary", b"Accept"))

        path, language = f"{DATASET}{slug}", page_request.language

        def make(files: ReleaseFiles) -> Representation:
            found = [item for item in self._listing(files, language).datasets if item.slug == slug]
            if not found:
                raise Missing(path)
            (dataset,) = found
            frame = site_context.framed(language, files.release, path)
            structured = schema_org(dataset, site_context.site.absolute(path), site_context.site.absolute(CATALOGUE))
            return site_context.page(
                "dataset.html",
                frame,
                ((b"link", self._links(dataset, path)),),
                dataset=dataset,
                downloads=_downloads(dataset),
                tables=_tables(files.release, site_context) if slug == FOLDER else (),
                formats=tuple(TABLE_FORMATS),
                licence=LICENCE,
                structured=embedded(structured),
                size=lambda size: size_words(size, frame.say.decimal),
                day=lambda time: date_in_words(time[:10], language),
                crumbs=(
                    Link(frame.say("Start"), frame.address("/")),
                    Link(_TITLE.in_(language), frame.address(CATALOGUE)),
                    Link(dataset.title),
                ),
                title=dataset.title,
            )

        return await self._documents.answer(page_request, (path, language), make)

    def _links(self, dataset: Listed, path: str) -> bytes:
        """The links of the page for machines (FAIR Signposting, level 1)."""
        site = self._site_context.site
        author = self._site_context.operator.url or site.absolute("/imprint")
        return header(
            [
                TypedLink(dataset.iri, "cite-as"),
                TypedLink(author, "author"),
                TypedLink(LICENCE, "license"),
                TypedLink("https://schema.org/AboutPage", "type"),
                TypedLink("https://schema.org/Dataset", "type"),
                *(
                    TypedLink(site.absolute(f"/catalog.{form.suffix}"), "describedby", form.media_type)
                    for form in FORMATS
                ),
                *(TypedLink(item.url, "item", item.media_type) for item in dataset.downloads),
                TypedLink(site.absolute("/catalog"), "collection"),
            ]
        )


_TITLE: Final = Text("Data to take away")


def catalogue_routes(
    site_context: SiteContext, documents: Documents, settings: Settings, paths: Callable[[], Container[str]]
) -> list[Route]:
    """The catalogue, and what the graph holds in VoID, for programs and for people.

    Args:
        site_context: what all pages share.
        documents: know the release in force.
        settings: who runs the server.
        paths: tells at which paths the server answers, once all routes are there.
    """
    site_context.design.add(Path(__file__).parent)
    address = settings.address
    operator = Operator(settings.operator_name, settings.operator_url, settings.operator_email, settings.contributor)

    def listed(files: ReleaseFiles) -> list[pyoxigraph.Triple]:
        return catalogue(files.release, files.versions, address, operator, offered(paths()))

    def listing(files: ReleaseFiles, language: Language) -> Listing:
        order = [name for _, names in datasets.listed(files.release) for name in names]
        return Listing(listed(files), language, order)

    def counted(files: ReleaseFiles) -> list[pyoxigraph.Triple]:
        if void.NAME in files.release.manifest.files:
            return void.description(files.release, address)
        raise RequestProblem(_TOO_OLD)

    def frozen_shapes(files: ReleaseFiles, suffix: str) -> bytes:
        body = vocabulary.frozen(files.release, "shapes", suffix)
        if body is None:
            raise RequestProblem(_TOO_OLD)
        return body

    async def shapes_page(*_: object) -> Response:
        """The page of the graph that holds what can be said of the shapes without blank nodes."""
        return redirect(site_context.site.address("/doc/graph/shapes.html"))

    async def shapes_html(request: Request) -> Response:
        return await shapes_page()

    page = CataloguePage(site_context, documents, listing)
    about = "The catalogue for open-data portals, by DCAT-AP 3.0.1 and DCAT-AP.de 3.0."
    return [
        route(CATALOGUE, page.__call__),
        route(f"{DATASET}{{slug}}", DatasetPage(site_context, documents, listing).__call__),
        *description_routes(
            Description("/catalog", about, listed, "/void", page.page, in_pages=True), documents, address
        ),
        *description_routes(
            Description("/void", "What the graph holds, in VoID, as SPARQL counts it.", counted, "/catalog"),
            documents,
            address,
        ),
        *description_routes(
            Description(
                "/shapes",
                "The SHACL shapes that the data is validated with, in standard form.",
                None,
                "/ontology",
                shapes_page,
                frozen_shapes,
            ),
            documents,
            address,
        ),
        route("/shapes.html", shapes_html),
    ]


_TOO_OLD: Final = Problem(
    "not-found",
    Text("An older version built this release without this; build it again: interkommunal build."),
)


def _downloads(dataset: Listed) -> tuple[Download, ...]:
    """The files but for single tables, which have a list of their own."""
    return tuple(item for item in dataset.downloads if not item.name.endswith(".csv"))


def _tables(release: Release, site_context: SiteContext) -> tuple[TableRow, ...]:
    files = release.manifest.files
    stems = sorted(
        name.removesuffix(".csv") for name in files if name.startswith(f"{FOLDER}/") and name.endswith(".csv")
    )

    def file(name: str) -> tuple[str, int]:
        found = files.get(name)
        return ("", 0) if found is None else (site_context.address(f"/dumps/{name}"), found.bytes)

    return tuple(
        TableRow(stem.removeprefix(f"{FOLDER}/"), tuple(file(f"{stem}.{suffix}") for suffix in TABLE_FORMATS))
        for stem in stems
    )
