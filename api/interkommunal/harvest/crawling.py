"""What crawlers look for at fixed addresses: robots.txt, the site map, ``/.well-known/void`` and ``api-catalog``.

The site map lists the page of every thing with the time of the release that last changed it, which the change table
tells. https://www.sitemaps.org/protocol.html, RFC 9309, RFC 9727
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.sax.saxutils import escape

import orjson
from fastapi import Request, Response

from interkommunal.harvest.documents import Documents
from interkommunal.namespaces import ID
from interkommunal.release.release import Release
from interkommunal.site.site import path_of
from interkommunal.texts import Text
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.responder import redirect
from interkommunal.web.routing import Route, route

# As many addresses as one site map may hold.
PAGE: Final = 50_000
_LINKSET: Final = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
_INTERFACES: Final = ("/sparql", "/reconcile", "/feed", "/catalog/feed", "/catalog", "/dumps")
_MAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def crawling_routes(documents: Documents, address: str) -> list[Route]:
    """The routes for crawlers, below the public URL ``address``."""

    async def robots(request: Request) -> Response:
        """What crawlers may ask for."""
        # Any number of addresses gives answers to queries; what they are made of is in the dumps. Old versions of pages
        # would stand beside the pages in every search.
        forbidden = "".join(f"Disallow: {path}\n" for path in ("/sparql?", "/admin/", "/feed/", "/release/"))
        text = f"User-agent: *\n{forbidden}Allow: /\n\nSitemap: {address}/sitemap.xml\n"
        return await documents.data(request, "robots", "text/plain; charset=utf-8", lambda _: text.encode())

    async def site_map(request: Request) -> Response:
        """All pages about things, or the list of the site maps that list them."""
        return await documents.data(request, "sitemap", "application/xml", lambda files: _first(files, address))

    async def part(request: Request, number: int) -> Response:
        """One of several site maps."""

        def make(files: ReleaseFiles) -> bytes:
            pages = _pages(files)[(number - 1) * PAGE : number * PAGE] if number > 0 else []
            if not pages:
                raise RequestProblem(
                    Problem(
                        "not-found",
                        Text("There is no map {number}; /sitemap.xml names all.", number=number),
                    )
                )
            return _map(pages, address)

        return await documents.data(request, f"sitemap {number}", "application/xml", make)

    async def void(request: Request) -> Response:
        """Leads to the description of the dataset (VoID, section 7.2)."""
        return redirect(f"{address}/void")

    async def interfaces(request: Request) -> Response:
        """The interfaces of this server, as a link set (RFC 9727)."""
        own = (b"link", f'<{address}/.well-known/api-catalog>; rel="api-catalog"'.encode())
        return await documents.data(request, "api-catalog", _LINKSET, lambda _: orjson.dumps(_interfaces(address)), own)

    return [
        route("/robots.txt", robots, ["text/plain"]),
        route("/sitemap.xml", site_map, ["application/xml"]),
        route("/sitemap-{number}.xml", part, ["application/xml"]),
        route("/.well-known/void", void, [""], status=303),
        route("/.well-known/api-catalog", interfaces, ["application/linkset+json"]),
    ]


def _pages(files: ReleaseFiles) -> list[tuple[str, str]]:
    """Path and time of the last change of every page about a thing, by path; the time is empty if it is not known."""
    changed = files.history.last_changes() if files.history else {}
    times: dict[str, str] = {}
    pages = set()
    for iri in _things(files.release):
        path = path_of(iri)
        if path is not None:
            page, _, fragment = path.partition("#")
            if not fragment:
                pages.add(page)
            # A geometry lies on the page of its city: the page changed when the later of both did.
            times[page] = max(changed.get(iri, ""), times.get(page, ""))
    return [(page, times[page]) for page in sorted(pages)]


def _things(release: Release) -> Iterator[str]:
    """The things of a release that have pages, each once; selectors belong to their passages."""
    before = b""
    prefix = f"<{ID}".encode()
    with release.quads.open("rb") as lines:
        for line in lines:
            subject = line[: line.index(b" ")]
            if subject != before and subject.startswith(prefix) and not subject.endswith(b"-selector>"):
                yield subject[1:-1].decode()
            before = subject


def _first(files: ReleaseFiles, address: str) -> bytes:
    pages = _pages(files)
    if len(pages) <= PAGE:
        latest = max((time for _, time in pages), default="")
        told = ("/feed", "/release") if files.history else ()
        return _map([("/", latest), *pages, *((path, _last_publication(files)) for path in told)][:PAGE], address)
    maps = range(1, -(-len(pages) // PAGE) + 1)
    inner = "".join(f"<sitemap><loc>{escape(address)}/sitemap-{number}.xml</loc></sitemap>\n" for number in maps)
    return _document("sitemapindex", inner)


def _last_publication(files: ReleaseFiles) -> str:
    publications = files.history.publications if files.history else ()
    return publications[-1].time if publications else ""


def _map(pages: list[tuple[str, str]], address: str) -> bytes:
    inner = []
    for path, time in pages:
        modified = f"<lastmod>{time}</lastmod>" if time else ""
        inner.append(f"<url><loc>{escape(address + path)}</loc>{modified}</url>\n")
    return _document("urlset", "".join(inner))


def _document(root: str, inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_MAP}">\n{inner}</{root}>\n'.encode()


def _interfaces(address: str) -> dict[str, Any]:
    def link(path: str, media_type: str) -> dict[str, str]:
        return {"href": f"{address}{path}", "type": media_type}

    return {
        "linkset": [
            {
                "anchor": f"{address}/.well-known/api-catalog",
                "item": [{"href": f"{address}{path}"} for path in _INTERFACES],
            },
            {
                "anchor": f"{address}/sparql",
                "service-desc": [link("/sparql", "text/turtle")],
                "service-doc": [link("/sparql", "text/html")],
                "service-meta": [link("/void", "text/turtle")],
            },
            {
                "anchor": f"{address}/reconcile",
                "service-desc": [link("/reconcile", "application/json")],
                "service-doc": [link("/reconcile", "text/html")],
            },
            {
                "anchor": f"{address}/feed",
                "service-desc": [link("/feed", "text/turtle")],
                "service-doc": [link("/feed", "text/html")],
                "alternate": [link("/feed.atom", "application/atom+xml")],
            },
            {
                "anchor": f"{address}/catalog/feed",
                "service-desc": [link("/catalog/feed", "text/turtle")],
                "service-doc": [link("/catalog/feed", "text/html")],
            },
            {
                "anchor": f"{address}/",
                "service-desc": [link("/openapi.json", "application/json")],
                "describedby": [link("/catalog", "text/turtle"), link("/void", "text/turtle")],
            },
        ]
    }
