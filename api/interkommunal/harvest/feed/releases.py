"""``/release``: the kept releases, each of them, and what changed between any two.

Programs get JSON unless they ask for RDF; browsers get pages. What is below the identifier of a release never changes,
except which release comes next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson
from pyoxigraph import Literal, NamedNode, Quad
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.dates import moment_in_words
from interkommunal.graph.terms import named
from interkommunal.harvest.documents import Documents, kept_release, publications
from interkommunal.harvest.dumps import files_of
from interkommunal.harvest.feed.context import PER_PAGE, RDF, HistoryContext, ReleaseName, chosen_form, links, write
from interkommunal.harvest.feed.reading import compared
from interkommunal.harvest.feed.stream import about
from interkommunal.harvest.feed.versions import FORMATS, OldVersion
from interkommunal.namespaces import BASE
from interkommunal.release.comparison import compare
from interkommunal.release.descriptions import number
from interkommunal.release.release import Release
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.sparql.query import JSON_LD, TURTLE
from interkommunal.texts import Language, Text
from interkommunal.web.formats import HTML, Format
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.responder import FOREVER, redirect
from interkommunal.web.routing import Handler, Route, route

_JSON: Final = Format("application/json", (), "", "json", "JSON", ("json",))
# Clients that do not care get JSON; only one that asks for a page gets it.
DESCRIPTIONS: Final[tuple[Format, ...]] = (_JSON, RDF[TURTLE], RDF[JSON_LD], HTML)
_PATCH: Final = Format("application/rdf-patch", (), "", "rdfp", "RDF Patch", ("patch",))
_TEXT: Final = Format("text/plain", (), "; charset=utf-8", "txt", "Text", ("text",))
DIFFERENCES: Final[tuple[Format, ...]] = (_PATCH, _TEXT, HTML)
_GRAPH: Final = f"{BASE}dataset/graph"


class Releases(HistoryContext):
    """The handlers of the kept releases; they answer GET and HEAD."""

    async def all(self, request: Request) -> Response:
        """``/release``: what is kept, and what was published once; ``?old=…&new=…`` leads to their difference."""
        page_request = self.site_context.page_request(request, ("old", "new"))
        old, new = page_request.parameter("old"), page_request.parameter("new")
        files = self.documents.publication.files
        if old and new:
            older, newer = [await asyncio.to_thread(kept_release, files, name) for name in (old, new)]
            return redirect(self.site_context.address(f"/release/{newer.identifier}/since/{older.identifier}"))
        form = chosen_form(page_request, str(request.path_params.get("suffix", "")), DESCRIPTIONS)

        def make() -> Representation:
            if form is HTML:
                return self._list(files, page_request)
            address, kept = self.site_context.site.url, files.versions.kept
            told = {"current": files.release.identifier, "releases": [facts(files, item, address) for item in kept]}
            return self._described(files, form, links(f"{address}/release", DESCRIPTIONS), told, kept)

        return await self.answer(page_request, files, ("releases",), form, make)

    def _described(
        self, files: ReleaseFiles, form: Format, link: list[str], told: Any, releases: Iterable[Release]
    ) -> Representation:
        """What is ``told`` of some releases, as JSON or in RDF."""
        if form is _JSON:
            body = orjson.dumps(told, option=orjson.OPT_INDENT_2)
        else:
            address = self.site_context.site.url
            body = write((quad for item in releases for quad in triples(files, item, address)), form)
        fields = data_headers(form.content_type, self.site_context.cache_control, (b"link", ", ".join(link).encode()))
        return Representation(body, fields)

    def _list(self, files: ReleaseFiles, page_request: PageRequest) -> Representation:
        site_context, language = self.site_context, page_request.language
        times = published(files)
        kept = {release.identifier: release for release in files.versions.kept}
        rows = [
            {
                "identifier": name,
                "moment": moment_in_words(times[name], language) if name in times else "",
                "is_current": name == files.release.identifier,
                "facts": facts(files, kept[name], site_context.site.prefix) if name in kept else None,
            }
            for name in reversed([*(name for name in kept if name not in times), *times])
        ]
        frame = site_context.framed(language, files.release, "/release")
        return site_context.page("releases.html", frame, rows=rows, kept=list(reversed(kept)))

    async def one(self, request: Request, name: ReleaseName) -> Response:
        """``/release/{name}``: a kept release, by identifier, version, start of its hash, or as ``current``."""
        page_request = self.site_context.page_request(request)
        name, suffix = _split(name, DESCRIPTIONS)
        files = self.documents.publication.files
        found = await asyncio.to_thread(kept_release, files, name)
        form = chosen_form(page_request, suffix, DESCRIPTIONS)

        def make() -> Representation:
            address, site_context = self.site_context.site.url, self.site_context
            path = f"/release/{found.identifier}"
            if form is HTML:
                time = published(files).get(found.identifier)
                return site_context.page(
                    "release.html",
                    site_context.framed(page_request.language, files.release, path),
                    facts=facts(files, found, site_context.site.prefix),
                    moment=moment_in_words(time, page_request.language) if time else "",
                    files=files_of(found, site_context.address(f"{path}/dumps")),
                    is_current=found.identifier == files.release.identifier,
                )
            # The versions before and after, and the one in force (RFC 5829).
            others = {
                "latest-version": files.release,
                "predecessor-version": files.versions.previous(found),
                "successor-version": files.versions.next(found),
            }
            link = links(f"{address}{path}", DESCRIPTIONS)
            link += [f'<{address}/release/{item.identifier}>; rel="{name}"' for name, item in others.items() if item]
            told = {**facts(files, found, address), "files": files_of(found, f"{address}{path}/dumps")}
            return self._described(files, form, link, told, [found])

        return await self.answer(page_request, files, ("release", found.identifier), form, make)

    async def difference(self, request: Request, name: ReleaseName, older: ReleaseName) -> Response:
        """``/release/{name}/since/{older}``: what makes the older one into the other, as patch, text or page."""
        page_request = self.site_context.page_request(request, ("page",))
        older, suffix = _split(older, DIFFERENCES)
        files = self.documents.publication.files
        new = await asyncio.to_thread(kept_release, files, name)
        old = await asyncio.to_thread(kept_release, files, older)
        form = chosen_form(page_request, suffix, DIFFERENCES)
        lexicon = await self.lexicon(form)
        is_fixed = (name, older) == (new.identifier, old.identifier)
        lasting = FOREVER if is_fixed else self.site_context.cache_control

        def make() -> Representation:
            comparison, site_context = compare(old, new), self.site_context
            if form is not HTML:
                lines = (f"{line}\n".encode() for line in comparison.text()) if form is _TEXT else comparison.patch()
                return Representation(b"".join(lines), data_headers(form.content_type, lasting))
            language, page, total = page_request.language, page_request.page, len(comparison.changes)
            path = f"/release/{new.identifier}/since/{old.identifier}"
            start = (page - 1) * PER_PAGE
            return site_context.page(
                "changes.html",
                site_context.framed(language, files.release, path, page_request.parameters),
                rows=compared(comparison, start, PER_PAGE, site_context.site, language, lexicon),
                total=total,
                page=page,
                pages=page_request.pages(total, PER_PAGE),
                path=path,
                title=f"{old.identifier} → {new.identifier}",
                lead=counted(comparison.removed, comparison.added, language),
                crumb=("/release", Text("Releases").in_(language)),
                patch=path,
            )

        key = ("difference", old.identifier, new.identifier, is_fixed)
        return await self.answer(page_request, files, key, form, make)


def release_routes(site_context: SiteContext, documents: Documents) -> list[Route]:
    """The routes of the kept releases."""
    releases, old = Releases(site_context, documents), OldVersion(site_context, documents)

    def documented(path: str, handler: Handler, offers: Iterable[Format], name: str, summary: str) -> Route:
        kinds = [form.media_type for form in offers]
        return route(path, handler, kinds, summary=summary, tag="releases", name=name)

    thing, since = "/release/{name}/doc/{type}/{thing}", "What turns an older kept release into this one"
    said = "What a release said of a thing, also when it is no longer kept"
    return [
        documented("/release", releases.all, DESCRIPTIONS, "releases", "The kept releases, oldest first"),
        route("/release.{suffix}", releases.all),
        documented("/release/{name}", releases.one, DESCRIPTIONS, "release", "One kept release and its files"),
        documented("/release/{name}/since/{older}", releases.difference, DIFFERENCES, "difference", since),
        documented(thing, old.thing, FORMATS, "old_version", said),
        route("/release/{name}/doc/{rest:path}", old.answer_for),
        route("/release/{name}/ontology{rest:path}", old.answer_for),
    ]


def published(files: ReleaseFiles) -> dict[str, str]:
    """When each release came into force last, by identifier, in that order."""
    last = {item.release: item for item in publications(files)}
    return {item.release: item.time for item in sorted(last.values(), key=lambda item: item.number)}


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
    file, dump = f"{own}#graph.nq", NamedNode(f"{own}/dumps/graph.nq")
    before, time = files.versions.previous(release), published(files).get(release.identifier)
    yield from about(
        NamedNode(own),
        ["dcat:Dataset"],
        {
            "dcterms:title": [f"interkommunal {release.identifier}"],
            "dcterms:identifier": [release.identifier],
            "dcterms:issued": [Literal(time, datatype=named("xsd:dateTime"))] if time else [],
            "dcat:version": [release.identifier],
            "dcat:isVersionOf": [NamedNode(_GRAPH)],
            "dcat:previousVersion": [NamedNode(f"{address}/release/{before.identifier}")] if before else [],
            "dcat:distribution": [NamedNode(file)],
        },
    )
    yield from about(NamedNode(_GRAPH), [], {"dcat:hasVersion": [NamedNode(own)]})
    yield from about(
        NamedNode(file),
        ["dcat:Distribution"],
        {
            "dcat:accessURL": [dump],
            "dcat:downloadURL": [dump],
            "dcat:byteSize": [number(release.manifest.files["graph.nq"].bytes)],
            "spdx:checksum": [NamedNode(f"{own}#checksum")],
        },
    )
    yield from about(
        NamedNode(f"{own}#checksum"),
        ["spdx:Checksum"],
        {
            "spdx:algorithm": [NamedNode("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")],
            "spdx:checksumValue": [Literal(release.content_hash, datatype=named("xsd:hexBinary"))],
        },
    )


def _split(name: str, offers: tuple[Format, ...]) -> tuple[str, str]:
    """A name without the suffix of a format, and that suffix; versions have dots, so only known suffixes count."""
    stem, _, suffix = name.rpartition(".")
    return (stem, suffix) if stem and any(form.suffix == suffix for form in offers) else (name, "")


def counted(removed: int, added: int, language: Language) -> str:
    """How many statements went and came, in words."""
    return Text("{removed} statements removed, {added} added", removed=removed, added=added).in_(language)
