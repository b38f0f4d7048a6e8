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
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph
from fastapi import Request, Response

from interkommunal.dates import date_in_words
from interkommunal.graph.terms import named
from interkommunal.harvest.documents import Documents, chosen
from interkommunal.harvest.listing import LICENCE, Listed, Listing, schema_org, size_words
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
from interkommunal.web.problems import Header, Problem, RequestProblem
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
    others_at = {
        "hydra:first": 1,
        "hydra:previous": page - 1,
        "hydra:next": page + 1,
        "hydra:last": max(1, len(datasets)),
    }
    links: dict[str, list[Value]] = {
        name: [node(f"{url}?page={at}")] if 1 <= at <= len(datasets) else [] for name, at in others_at.items()
    }
    links["hydra:totalItems"] = [number(len(datasets))]
    return in_reading_order(chosen | set(described(f"{url}?page={page}", ["hydra:PartialCollectionView"], links)))


def _datasets(triples: Sequence[pyoxigraph.Triple]) -> list[str]:
    subjects = {triple.subject.value for triple in triples if isinstance(triple.subject, pyoxigraph.NamedNode)}
    return [dataset.iri for dataset in DATASETS if dataset.iri in subjects]


_OFFERED: Final = {offer.suffix: offer for offer in OFFERS[Form.CONSTRUCT]}
# Our favourite first.
FORMATS: Final = tuple(_OFFERED[suffix] for suffix in ("ttl", "rdf", "jsonld", "nt"))
# Digits of a page number, and characters of one that names a kept document.
_LONGEST: Final = 10
CATALOGUE: Final = "/catalog.html"
DATASET: Final = "/dataset/"


def _written(triples: list[pyoxigraph.Triple], suffix: str) -> bytes:
    if suffix in ("ttl", "rdf"):
        return (formats.turtle if suffix == "ttl" else formats.rdf_xml)(triples, CATALOGUE_PREFIXES)
    return (formats.json_ld_nodes if suffix == "jsonld" else formats.ntriples)(triples)


def description_routes(
    documents: Documents,
    address: str,
    path: str,
    summary: str,
    see_also: str,
    make: Callable[[ReleaseFiles, str, str | None], bytes],
    page: Callable[[Request, ClientRequest], Awaitable[Response]] | None = None,
    *,
    in_pages: bool = False,
) -> list[Route]:
    """The routes of a document in RDF: one that negotiates, and one with a suffix for each format.

    Args:
        documents: know the release in force.
        address: public URL of the server.
        path: of the document without suffix, for example ``/catalog``.
        summary: what it is, for the description of the interface.
        see_also: path of a document that describes this one.
        make: makes it in the format of a suffix, or the page of it that was asked for; runs in a thread.
        page: the same for people, for clients that prefer HTML.
        in_pages: whether it can be asked for piece by piece.
    """

    async def answer(request: ClientRequest, offer: Format) -> Response:
        asked = Parameters(request.query_string).one(PARAMETER) if in_pages else None
        query = "" if asked is None else f"?{PARAMETER}={quote(asked[:_LONGEST])}"
        name = f"{path}.{offer.suffix}{query}"
        links = [TypedLink(f"{address}{path}.{item.suffix}{query}", "alternate", item.media_type) for item in FORMATS]
        if page is not None and not query:
            links.append(TypedLink(f"{address}{path}.html", "alternate", HTML.media_type))
        fields = data_headers(
            offer.content_type,
            documents.responder.cache_control,
            (b"content-location", f"{address}{name}".encode()),
            (b"link", header([*links, TypedLink(f"{address}{see_also}", "describedby")])),
        )
        return await documents.answer(
            request, (name,), lambda files: Representation(make(files, offer.suffix, asked), fields)
        )

    async def negotiated(request: Request) -> Response:
        asked = documents.request(request)
        offer = chosen(asked, FORMATS if page is None else (*FORMATS, HTML))
        if offer is HTML and page is not None:
            return await page(request, asked)
        return await answer(asked, offer)

    def fixed(offer: Format) -> Route:
        async def in_format(request: Request) -> Response:
            return await answer(documents.request(request), offer)

        return route(f"{path}.{offer.suffix}", in_format, [offer.media_type], summary=summary)

    kinds = [offer.media_type for offer in (*FORMATS, HTML)]
    return [route(path, negotiated, kinds, summary=summary), *map(fixed, FORMATS)]


class CataloguePages:
    """``/catalog.html``, and ``/dataset/{slug}``; its handlers answer GET and HEAD.

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

    async def all(self, request: Request, asked: ClientRequest | None = None) -> Response:
        """The page of the catalogue; ``asked`` is the request, if somebody looked at it already."""
        asked = asked or self._documents.request(request)
        language = asked.language

        def make(files: ReleaseFiles) -> Representation:
            listing = self._listing(files, language)
            return self._page(
                "catalogue.html",
                files,
                language,
                CATALOGUE,
                datasets=listing.datasets,
                services=listing.services,
                dataset_path=DATASET,
            )

        return await self._documents.answer(asked, (CATALOGUE, language), make)

    def _page(
        self,
        template: str,
        files: ReleaseFiles,
        language: Language,
        path: str,
        further: tuple[Header, ...] = (),
        dataset: Listed | None = None,
        **values: object,
    ) -> Representation:
        frame = self._site_context.framed(language, files.release, path)
        title = Text("Data to take away").in_(language)
        crumbs = [Link(frame.say("Start"), frame.address("/"))]
        if dataset is not None:
            crumbs.append(Link(title, frame.address(CATALOGUE)))
            title = dataset["title"]
        return self._site_context.page(
            template,
            frame,
            further,
            dataset=dataset,
            licence=LICENCE,
            size=lambda size: size_words(size, frame.say.decimal),
            day=lambda time: date_in_words(time[:10], language),
            crumbs=[*crumbs, Link(title)],
            title=title,
            **values,
        )

    async def one(self, request: Request) -> Response:
        """The page of a dataset.

        Raises:
            Missing: there is no such dataset.
        """
        site, page_request = self._site_context.site, self._site_context.page_request(request)
        offer = chosen(page_request, (HTML, *FORMATS))
        if offer is not HTML:
            # The catalogue describes all datasets in one document.
            return redirect(site.absolute(f"/catalog.{offer.suffix}"), 303, (b"vary", b"Accept"))
        slug = str(request.path_params["slug"]).removesuffix(".html")
        path, language = f"{DATASET}{slug}", page_request.language

        def make(files: ReleaseFiles) -> Representation:
            dataset = next((item for item in self._listing(files, language).datasets if item["slug"] == slug), None)
            if dataset is None:
                raise Missing(path)
            catalogue = site.absolute("/catalog")
            # FAIR Signposting, level 1.
            links = [
                TypedLink(dataset["iri"], "cite-as"),
                TypedLink(self._site_context.operator.url or site.absolute("/imprint"), "author"),
                TypedLink(LICENCE, "license"),
                TypedLink("https://schema.org/AboutPage", "type"),
                TypedLink("https://schema.org/Dataset", "type"),
                *(TypedLink(f"{catalogue}.{form.suffix}", "describedby", form.media_type) for form in FORMATS),
                *(TypedLink(item["url"], "item", item["media_type"]) for item in dataset["downloads"]),
                TypedLink(catalogue, "collection"),
            ]
            structured = schema_org(dataset, site.absolute(path), site.absolute(CATALOGUE))
            return self._page(
                "dataset.html",
                files,
                language,
                path,
                ((b"link", header(links)),),
                dataset,
                # Single tables have a list of their own.
                downloads=[item for item in dataset["downloads"] if not item["name"].endswith(".csv")],
                tables=self._tables(files.release) if slug == FOLDER else (),
                formats=tuple(TABLE_FORMATS),
                structured=embedded(structured),
            )

        return await self._documents.answer(page_request, (path, language), make)

    def _tables(self, release: Release) -> list[dict[str, object]]:
        """Each table: its name, and address and bytes of its file in each format."""
        files = release.manifest.files
        return [
            {
                "name": name.removeprefix(f"{FOLDER}/").removesuffix(".csv"),
                "files": [
                    (self._site_context.address(f"/dumps/{file}"), files[file].bytes) if file in files else ("", 0)
                    for file in (f"{name.removesuffix('.csv')}.{suffix}" for suffix in TABLE_FORMATS)
                ],
            }
            for name in sorted(files)
            if name.startswith(f"{FOLDER}/") and name.endswith(".csv")
        ]


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

    def catalogued(files: ReleaseFiles, suffix: str, page: str | None) -> bytes:
        triples = listed(files)
        if page is not None:
            wanted = page_number(page)
            page_count(pages(triples), 1, wanted)
            triples = page_of(triples, f"{address}/catalog", wanted, f"{address}/catalog.{suffix}")
        return _written(triples, suffix)

    def counted(files: ReleaseFiles, suffix: str, _: str | None) -> bytes:
        if void.NAME not in files.release.manifest.files:
            raise RequestProblem(_TOO_OLD)
        return _written(void.description(files.release, address), suffix)

    def shapes(files: ReleaseFiles, suffix: str, _: str | None) -> bytes:
        # Frozen, because it has blank nodes.
        body = vocabulary.frozen(files.release, "shapes", suffix)
        if body is None:
            raise RequestProblem(_TOO_OLD)
        return body

    async def shapes_page(request: Request, _: ClientRequest | None = None) -> Response:
        """The page of the graph that holds what can be said of the shapes without blank nodes."""
        return redirect(site_context.site.address("/doc/graph/shapes.html"))

    async def catalogue_page(request: Request) -> Response:
        return await people.all(request)

    async def shapes_html(request: Request) -> Response:
        return await shapes_page(request)

    people = CataloguePages(site_context, documents, listing)
    described = partial(description_routes, documents, address)
    about = "The catalogue for open-data portals, by DCAT-AP 3.0.1 and DCAT-AP.de 3.0."
    about_shapes = "The SHACL shapes that the data is validated with, in standard form."
    return [
        route(CATALOGUE, catalogue_page),
        route(f"{DATASET}{{slug}}", people.one),
        *described("/catalog", about, "/void", catalogued, people.all, in_pages=True),
        *described("/void", "What the graph holds, in VoID, as SPARQL counts it.", "/catalog", counted),
        *described("/shapes", about_shapes, "/ontology", shapes, shapes_page),
        route("/shapes.html", shapes_html),
    ]


_TOO_OLD: Final = Problem(
    "not-found",
    Text("An older version built this release without this; build it again: interkommunal build."),
)
