"""What crawlers look for at fixed addresses: robots.txt, the site map, ``/.well-known/void`` and ``api-catalog``.

The site map lists the page of every thing with the time of the release that last changed it, which the change table
tells. https://www.sitemaps.org/protocol.html, RFC 9309, RFC 9727
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from xml.sax.saxutils import escape

import orjson
from fastapi import Request, Response

from interkommunal.harvest.documents import Documents, publications
from interkommunal.namespaces import ID
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
# Anchor, relation, and where that leads.
_LINKS: Final[dict[str, dict[str, list[tuple[str, str]]]]] = {
    "/sparql": {
        "service-desc": [("/sparql", "text/turtle")],
        "service-doc": [("/sparql", "text/html")],
        "service-meta": [("/void", "text/turtle")],
    },
    "/reconcile": {
        "service-desc": [("/reconcile", "application/json")],
        "service-doc": [("/reconcile", "text/html")],
    },
    "/feed": {
        "service-desc": [("/feed", "text/turtle")],
        "service-doc": [("/feed", "text/html")],
        "alternate": [("/feed.atom", "application/atom+xml")],
    },
    "/catalog/feed": {
        "service-desc": [("/catalog/feed", "text/turtle")],
        "service-doc": [("/catalog/feed", "text/html")],
    },
    "/": {
        "service-desc": [("/openapi.json", "application/json")],
        "describedby": [("/catalog", "text/turtle"), ("/void", "text/turtle")],
    },
}
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
                text = Text("There is no map {number}; /sitemap.xml names all.", number=number)
                raise RequestProblem(Problem("not-found", text))
            return _map(pages, address)

        return await documents.data(request, f"sitemap {number}", "application/xml", make)

    async def void(request: Request) -> Response:
        """Leads to the description of the dataset (VoID, section 7.2)."""
        return redirect(f"{address}/void")

    async def interfaces(request: Request) -> Response:
        """The interfaces of this server, as a link set (RFC 9727)."""
        own = (b"link", f'<{address}/.well-known/api-catalog>; rel="api-catalog"'.encode())
        return await documents.data(request, "api-catalog", _LINKSET, lambda _: _interfaces(address), own)

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
    before, prefix = b"", f"<{ID}".encode()
    with files.release.quads.open("rb") as lines:
        for line in lines:
            subject = line[: line.index(b" ")]
            iri = subject[1:-1].decode()
            # Selectors belong to their passages.
            is_thing = subject != before and subject.startswith(prefix) and not iri.endswith("-selector")
            if is_thing and (path := path_of(iri)):
                page, _, fragment = path.partition("#")
                if not fragment:
                    pages.add(page)
                # A geometry lies on the page of its city: the page changed when the later of both did.
                times[page] = max(changed.get(iri, ""), times.get(page, ""))
            before = subject
    return [(page, times[page]) for page in sorted(pages)]


def _first(files: ReleaseFiles, address: str) -> bytes:
    pages = _pages(files)
    if len(pages) <= PAGE:
        latest = max((time for _, time in pages), default="")
        told = [(path, item.time) for item in publications(files)[-1:] for path in ("/feed", "/release")]
        return _map([("/", latest), *pages, *told][:PAGE], address)
    maps = (f"{escape(address)}/sitemap-{number}.xml" for number in range(1, -(-len(pages) // PAGE) + 1))
    return _document("sitemapindex", (f"<sitemap><loc>{place}</loc></sitemap>" for place in maps))


def _map(pages: list[tuple[str, str]], address: str) -> bytes:
    places = ((escape(address + path), f"<lastmod>{time}</lastmod>" if time else "") for path, time in pages)
    return _document("urlset", (f"<url><loc>{place}</loc>{modified}</url>" for place, modified in places))


def _document(root: str, lines: Iterable[str]) -> bytes:
    inner = "".join(f"{line}\n" for line in lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_MAP}">\n{inner}</{root}>\n'.encode()


def _interfaces(address: str) -> bytes:
    catalogue = {
        "anchor": f"{address}/.well-known/api-catalog",
        "item": [{"href": f"{address}{path}"} for path in _INTERFACES],
    }
    linkset: list[dict[str, Any]] = [catalogue]
    for anchor, relations in _LINKS.items():
        links = {
            relation: [{"href": f"{address}{path}", "type": media_type} for path, media_type in targets]
            for relation, targets in relations.items()
        }
        linkset.append({"anchor": f"{address}{anchor}", **links})
    return orjson.dumps({"linkset": linkset})
