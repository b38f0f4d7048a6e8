"""``/release``: the kept releases, each of them, and what changed between any two.

Programs get JSON unless they ask for RDF; browsers get pages. What is below the identifier of a release never changes,
except which release comes next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import orjson
from pyoxigraph import Literal, NamedNode, Quad
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.dates import moment_in_words
from interkommunal.graph.terms import named
from interkommunal.harvest.documents import kept_release
from interkommunal.harvest.dumps import files_of
from interkommunal.harvest.feed.context import PER_PAGE, FeedContext, ReleaseName, chosen_form, write
from interkommunal.harvest.feed.reading import compared
from interkommunal.harvest.feed.versions import FORMATS, OldVersion
from interkommunal.namespaces import BASE
from interkommunal.release.comparison import compare
from interkommunal.release.descriptions import described, number
from interkommunal.release.release import Release
from interkommunal.site.context import PageRequest
from interkommunal.sparql.query import JSON_LD, TURTLE, Form
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, OFFERS, Format
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.responder import FOREVER, redirect
from interkommunal.web.routing import Handler, Route, route

_JSON: Final = Format("application/json", (), "", "json", "JSON", ("json",))
_KNOWN: Final = {item.media_type: item for item in OFFERS[Form.CONSTRUCT]}
DESCRIPTIONS: Final[tuple[Format, ...]] = (_JSON, _KNOWN[TURTLE], _KNOWN[JSON_LD], HTML)
_PATCH: Final = Format("application/rdf-patch", (), "", "rdfp", "RDF Patch", ("patch",))
_TEXT: Final = Format("text/plain", (), "; charset=utf-8", "txt", "Text", ("text",))
DIFFERENCES: Final[tuple[Format, ...]] = (_PATCH, _TEXT, HTML)
_GRAPH: Final = f"{BASE}dataset/graph"


class Releases:
    """``/release``: what is kept, and what was published once. ``?old=…&new=…`` leads to what changed between two."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request, ("old", "new"))
        old, new = page_request.parameter("old"), page_request.parameter("new")
        files = feed_context.documents.publication.files
        if old and new:
            older, newer = [await asyncio.to_thread(kept_release, files, name) for name in (old, new)]
            return redirect(
                feed_context.site_context.address(f"/release/{newer.identifier}/since/{older.identifier}"), 303
            )
        # Who does not care gets JSON; only who asks for a page gets one.
        form = _form(page_request, str(request.path_params.get("suffix", "")))

        def make() -> Representation:
            fields = (_alternates(f"{feed_context.site_context.site.url}/release"),)
            lasting = feed_context.site_context.cache_control
            if form is HTML:
                return self._page(files, page_request)
            if form is _JSON:
                rows = [facts(files, release, feed_context.site_context.site.url) for release in files.versions.kept]
                body = _json({"current": files.release.identifier, "releases": rows})
            else:
                body = write(
                    (
                        quad
                        for item in files.versions.kept
                        for quad in triples(files, item, feed_context.site_context.site.url)
                    ),
                    form,
                )
            return Representation(body, data_headers(form.content_type, lasting, *fields))

        language = page_request.language if form is HTML else ""
        return await feed_context.answer(page_request, files, ("releases", form.suffix, language), make)

    def _page(self, files: ReleaseFiles, page_request: PageRequest) -> Representation:
        site_context, language = self._feed_context.site_context, page_request.language
        times = published(files)
        kept = {release.identifier: release for release in files.versions.kept}
        names = list(dict.fromkeys([*(name for name in kept if name not in times), *times]))
        rows = [
            {
                "identifier": name,
                "moment": moment_in_words(times[name], language) if name in times else "",
                "release": kept.get(name),
                "is_current": name == files.release.identifier,
                "facts": facts(files, kept[name], site_context.site.prefix) if name in kept else None,
            }
            for name in reversed(names)
        ]
        frame = site_context.framed(language, files.release, "/release")
        return site_context.page("releases.html", frame, rows=rows, kept=list(reversed(kept)))


class OneRelease:
    """``/release/{name}``: a kept release, by identifier, version, start of its hash, or as ``current``."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request, name: ReleaseName) -> Response:
        """GET or HEAD."""
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request)
        name, suffix = _split(name, DESCRIPTIONS)
        files = feed_context.documents.publication.files
        found = await asyncio.to_thread(kept_release, files, name)
        form = _form(page_request, suffix)

        def make() -> Representation:
            address = feed_context.site_context.site.url
            own = f"{address}/release/{found.identifier}"
            fields = (_alternates(own, *_neighbours(files, found, address)),)
            if form is HTML:
                return self._page(files, found, page_request)
            if form is _JSON:
                body = _json({**facts(files, found, address), "files": files_of(found, f"{own}/dumps")})
            else:
                body = write(triples(files, found, address), form)
            return Representation(
                body, data_headers(form.content_type, feed_context.site_context.cache_control, *fields)
            )

        language = page_request.language if form is HTML else ""
        return await feed_context.answer(
            page_request, files, ("release", found.identifier, form.suffix, language), make
        )

    def _page(self, files: ReleaseFiles, release: Release, page_request: PageRequest) -> Representation:
        site_context, language = self._feed_context.site_context, page_request.language
        time = published(files).get(release.identifier)
        path = f"/release/{release.identifier}"
        return site_context.page(
            "release.html",
            site_context.framed(language, files.release, path),
            facts=facts(files, release, site_context.site.prefix),
            moment=moment_in_words(time, language) if time else "",
            files=files_of(release, site_context.address(f"{path}/dumps")),
            is_current=release.identifier == files.release.identifier,
        )


class Difference:
    """``/release/{name}/since/{older}``: what makes the older one into the other, as patch, text or page."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request, name: ReleaseName, older: ReleaseName) -> Response:
        """GET or HEAD."""
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request, ("page",))
        older, suffix = _split(older, DIFFERENCES)
        files = feed_context.documents.publication.files
        new = await asyncio.to_thread(kept_release, files, name)
        old = await asyncio.to_thread(kept_release, files, older)
        form = chosen_form(page_request, suffix, DIFFERENCES)
        is_fixed = (name, older) == (new.identifier, old.identifier)
        lasting = FOREVER if is_fixed else feed_context.site_context.cache_control
        lexicon = (await feed_context.site_context.editions.current()).lexicon if form is HTML else None

        def make() -> Representation:
            comparison = compare(old, new)
            if form is _PATCH:
                return Representation(b"".join(comparison.patch()), data_headers(form.content_type, lasting))
            if form is _TEXT:
                text = "".join(f"{line}\n" for line in comparison.text())
                return Representation(text.encode(), data_headers(form.content_type, lasting))
            site_context, language = feed_context.site_context, page_request.language
            total = len(comparison.changes)
            pages = page_request.pages(total, PER_PAGE)
            path = f"/release/{new.identifier}/since/{old.identifier}"
            return site_context.page(
                "changes.html",
                site_context.framed(language, files.release, path, page_request.parameters),
                rows=compared(
                    comparison, (page_request.page - 1) * PER_PAGE, PER_PAGE, site_context.site, language, lexicon
                ),
                total=total,
                page=page_request.page,
                pages=pages,
                path=path,
                title=f"{old.identifier} → {new.identifier}",
                lead=counted(comparison.removed, comparison.added, language),
                crumb=("/release", Text("Releases").in_(language)),
                patch=path,
            )

        people = (page_request.language, page_request.page) if form is HTML else ()
        key = ("difference", old.identifier, new.identifier, form.suffix, is_fixed, *people)
        return await feed_context.answer(page_request, files, key, make)


def release_routes(feed_context: FeedContext) -> list[Route]:
    """The routes of the kept releases."""
    releases, old_version = Releases(feed_context), OldVersion(feed_context)
    descriptions, differences, versions = (
        [form.media_type for form in offers] for offers in (DESCRIPTIONS, DIFFERENCES, FORMATS)
    )

    def documented(path: str, handler: Handler, kinds: list[str], name: str, summary: str) -> Route:
        return route(path, handler, kinds, summary=summary, tag="releases", name=name)

    return [
        documented("/release", releases.__call__, descriptions, "releases", "The kept releases, oldest first"),
        route("/release.{suffix}", releases.__call__),
        documented(
            "/release/{name}",
            OneRelease(feed_context).__call__,
            descriptions,
            "release",
            "One kept release and its files",
        ),
        documented(
            "/release/{name}/since/{older}",
            Difference(feed_context).__call__,
            differences,
            "difference",
            "What turns an older kept release into this one",
        ),
        documented(
            "/release/{name}/doc/{type}/{thing}",
            old_version.thing,
            versions,
            "old_version",
            "What a release said of a thing, also when it is no longer kept",
        ),
        route("/release/{name}/doc/{rest:path}", old_version.__call__),
        route("/release/{name}/ontology{rest:path}", old_version.__call__),
    ]


def published(files: ReleaseFiles) -> dict[str, str]:
    """When each release came into force last, by identifier, in that order."""
    found: dict[str, str] = {}
    for item in files.history.publications if files.history else ():
        found.pop(item.release, None)
        found[item.release] = item.time
    return found


def facts(files: ReleaseFiles, release: Release, address: str) -> dict[str, Any]:
    """What is said of a release."""
    before, after = files.versions.previous(release), files.versions.next(release)
    counts = release.manifest.counts
    return {
        "identifier": release.identifier,
        "url": f"{address}/release/{release.identifier}",
        "version": release.version,
        "released": release.manifest.released,
        "published": published(files).get(release.identifier),
        "content_hash": release.content_hash,
        "statements": counts.statements,
        "triples": counts.triples,
        "previous": before and f"{address}/release/{before.identifier}",
        "next": after and f"{address}/release/{after.identifier}",
        "changes": before and f"{address}/release/{release.identifier}/since/{before.identifier}",
    }


def triples(files: ReleaseFiles, release: Release, address: str) -> Iterator[Quad]:
    """The same as a version of the dataset, in DCAT 3 (section 11) with its checksum in SPDX."""
    own = f"{address}/release/{release.identifier}"
    before = files.versions.previous(release)
    time = published(files).get(release.identifier)
    quads = release.manifest.files["graph.nq"]
    about = described(
        own,
        ["dcat:Dataset"],
        {
            "dcterms:title": [f"interkommunal {release.identifier}"],
            "dcterms:identifier": [release.identifier],
            "dcterms:issued": [Literal(time, datatype=named("xsd:dateTime"))] if time else [],
            "dcat:version": [release.identifier],
            "dcat:isVersionOf": [NamedNode(_GRAPH)],
            "dcat:previousVersion": [NamedNode(f"{address}/release/{before.identifier}")] if before else [],
            "dcat:distribution": [NamedNode(f"{own}#graph.nq")],
        },
    )
    algorithm = NamedNode("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
    digest = Literal(release.content_hash, datatype=named("xsd:hexBinary"))
    parts = (
        about,
        described(_GRAPH, [], {"dcat:hasVersion": [NamedNode(own)]}),
        described(
            f"{own}#graph.nq",
            ["dcat:Distribution"],
            {
                "dcat:accessURL": [NamedNode(f"{own}/dumps/graph.nq")],
                "dcat:downloadURL": [NamedNode(f"{own}/dumps/graph.nq")],
                "dcat:byteSize": [number(quads.bytes)],
                "spdx:checksum": [NamedNode(f"{own}#checksum")],
            },
        ),
        described(
            f"{own}#checksum", ["spdx:Checksum"], {"spdx:algorithm": [algorithm], "spdx:checksumValue": [digest]}
        ),
    )
    for part in parts:
        for triple in part:
            yield Quad(triple.subject, triple.predicate, triple.object)


def _neighbours(files: ReleaseFiles, release: Release, address: str) -> list[str]:
    """Links to the versions before and after, and to the one in force (RFC 5829)."""
    before, after = files.versions.previous(release), files.versions.next(release)
    found = [(files.release, "latest-version")]
    found += [(before, "predecessor-version")] if before else []
    found += [(after, "successor-version")] if after else []
    return [f'<{address}/release/{item.identifier}>; rel="{relation}"' for item, relation in found]


def _alternates(own: str, *further: str) -> tuple[bytes, bytes]:
    alternates = [f'<{own}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in DESCRIPTIONS]
    return b"link", ", ".join([*alternates, *further]).encode()


def _form(page_request: PageRequest, suffix: str) -> Format:
    if suffix:
        return chosen_form(page_request, suffix, DESCRIPTIONS)
    return page_request.choose(DESCRIPTIONS) or chosen_form(page_request, "", DESCRIPTIONS)


def _split(name: str, offers: tuple[Format, ...]) -> tuple[str, str]:
    """A name without the suffix of a format, and that suffix; versions have dots, so only known suffixes count."""
    stem, _, suffix = name.rpartition(".")
    return (stem, suffix) if stem and any(form.suffix == suffix for form in offers) else (name, "")


def counted(removed: int, added: int, language: str) -> str:
    """How many statements went and came, in words."""
    return Text("{removed} statements removed, {added} added", removed=removed, added=added).in_(language)


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)
