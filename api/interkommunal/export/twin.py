"""Makes the copy: walk, turn links, say what needs the server, seal."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import pyoxigraph
from starlette.routing import BaseRoute, Mount

from interkommunal.engine.opening import open_engine
from interkommunal.errors import ExportError
from interkommunal.export import links, tree
from interkommunal.export.addresses import Entry, Link, Place, Site, relative
from interkommunal.export.asking import ask
from interkommunal.export.crawl import Copy, Walk
from interkommunal.export.folder import check, replacing, seal, write
from interkommunal.export.web_server import HTACCESS
from interkommunal.http.app import Application, create_app
from interkommunal.http.language import LANGUAGES, Language, Text
from interkommunal.http.pages.site import path_of
from interkommunal.http.publication import engine_source
from interkommunal.http.server import engine_options
from interkommunal.namespaces import BASE
from interkommunal.release.release import Release
from interkommunal.settings import Settings

Tell = Callable[[str, int, int], None]

# Where the copy says what only a server can.
NOTE: Final = Place("/needs-server")
_TITLE: Final = Text("Dafür braucht es den Server", "This needs the server")
_TEXT: Final = Text(
    "Dies ist eine Kopie der Website aus Dateien, Stand der Veröffentlichung {release}. Suche, Filter, andere "
    "Sortierungen, der SPARQL-Endpunkt und Fragen mit eigenen Werten werden für jede Anfrage berechnet, und frühere "
    "Veröffentlichungen liegen nicht bei; dafür braucht es den Server.",
    "This is a copy of the web site as files, as of release {release}. Search, filters, other orders, the SPARQL "
    "endpoint and questions with values of your own are computed for each request, and earlier releases are not part "
    "of the copy; for these you need the server.",
)
_WAY: Final = Text(
    "Alle Daten liegen hier als Dateien. Mit ihnen beantwortet jedes SPARQL-Programm dieselben Fragen; wie man den "
    "Server selbst startet, steht in der Anleitung des Projekts.",
    "All data lie here as files. With them any SPARQL program answers the same questions; how to start the server "
    "yourself stands in the manual of the project.",
)
_DATA: Final = Text("der ganze Graph", "the whole graph")
_FORM: Final = Text("Suche und Filter brauchen den Server", "Search and filters need the server")
_WHOLE: Final = "dumps/graph.nq"


@dataclass(frozen=True, slots=True)
class Result:
    """What was written.

    Attributes:
        files: how many. pages: how many addresses of them are pages.
        missing: links of the site that lead nowhere on the server either: path, status, page that leads there.
    """

    files: int
    pages: int
    missing: tuple[tuple[str, int, str], ...]


async def export(settings: Settings, release: Release, folder: Path, *, force: bool, tell: Tell) -> Result:
    """Write the site over ``release`` into ``folder``.

    Args:
        settings: of the server; ``public_url`` is where the copy will be published.
        release: what to publish.
        folder: where the copy goes; an older copy there is replaced when the new one is complete.
        force: replace other things too.
        tell: told what is being done, how much is done, and of how much.

    Raises:
        ExportError: the folder holds other things, cannot be written, or a page cannot be made.
    """
    check(folder, force=force)
    engine = await open_engine(engine_options(settings), engine_source(release, settings.engine))
    try:
        app = create_app(settings, engine, release)
        with replacing(folder) as root:
            copy = Copy(root, Site(settings.address, settings.language))
            await Walk(app, copy, tell).run(await _seeds(app, release, settings.language))
            await _note(app, copy, release)
            _turn(copy, tell)
            write(root, ".htaccess", HTACCESS.encode())
            about = {
                "release": release.identifier,
                "content_hash": release.content_hash,
                "url": settings.address,
                "language": settings.language,
            }
            files = seal(root, about)
    finally:
        await engine.close()
    pages = sum(1 for entry in copy.entries.values() if entry.kind == "page")
    missing = tuple(sorted((place.path, status, source) for place, status, source in copy.missing))
    return Result(files, pages, missing)


async def _seeds(app: Application, release: Release, language: str) -> list[str]:
    """Paths to begin with: routes without parameters, every IRI of the release, and every dump."""
    listing = await ask(app, "/dumps", "", language)
    dumps = [unquote(urlsplit(item["url"]).path) for item in json.loads(listing.body)["files"]]
    prefix = urlsplit(app.settings.address).path.rstrip("/")
    # Routers that FastAPI includes show their routes in the description of the interface only.
    with warnings.catch_warnings():
        # Routes that answer GET and HEAD have the same name twice.
        warnings.simplefilter("ignore", UserWarning)
        described = [path for path in app.routes.openapi()["paths"] if "{" not in path]
    routes = [*described, *_routes(app.routes.routes)]
    return ["/", *routes, *sorted(_described(release)), *(path[len(prefix) :] for path in dumps)]


def _routes(routes: Iterable[BaseRoute], above: str = "") -> Iterator[str]:
    for route in routes:
        path = above + str(getattr(route, "path", ""))
        if isinstance(route, Mount):
            yield from _routes(route.routes, path)
        elif path and "{" not in path:
            yield path


def _described(release: Release) -> set[str]:
    """Paths of the pages of all IRIs of ours that the release names."""
    named = set()
    with release.quads.open("rb") as lines:
        for quad in pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_QUADS):
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
                if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(BASE):
                    named.add(term.value)
    paths = (path_of(iri) for iri in named)
    return {unquote(path.partition("#")[0]) for path in paths if path}


async def _note(app: Application, copy: Copy, release: Release) -> None:
    """Write the page that says what needs the server: one of the site with other content."""
    entry = Entry("page")
    for language in LANGUAGES:
        page = await _plain_page(app, copy.site, language)
        title, way = _TITLE.in_(language), _WAY.in_(language)
        text = _TEXT.in_(language).format(release=release.identifier)
        listed = f'<a href="/{_WHOLE}">{escape(_DATA.in_(language))}</a> (N-Quads)'
        main = f"<h1>{escape(title)}</h1><p>{escape(text)}</p><p>{escape(way)}</p><p>{listed}</p>"
        name = copy.site.file(NOTE, language, page=True)
        entry.files[language] = name
        copy.pages[name] = (NOTE, language)
        prefix = urlsplit(copy.site.address).path.rstrip("/")
        page = links.with_content(page, title, main.replace('href="/', f'href="{prefix}/'))
        write(copy.root, name, page.encode())
    copy.entries[NOTE] = entry


async def _plain_page(app: Application, site: Site, language: str) -> str:
    """A page of the site that has another one's address; operators may have some of them elsewhere."""
    for path in ("/privacy", "/imprint", "/lists"):
        answer = await ask(app, path, "", language)
        if answer.status == 200:
            page = answer.body.decode().replace(f"{path}?lang=", f"{NOTE.path}?lang=")
            return page.replace(f'"{site.address}{path}"', f'"{site.address}{NOTE.path}"')
    raise ExportError("none of the pages of the site can be made; try them on a server first")


def _turn(copy: Copy, tell: Tell) -> None:
    """Turn the links of everything that was written into those of files."""
    for number, (name, (place, language)) in enumerate(copy.pages.items()):
        tell(name, number, len(copy.pages))
        turn = _Turn(copy, name, place, language)
        form = f'<p><a href="{escape(turn.note())}">{escape(_FORM.in_(language))}</a></p>'
        path = copy.root / name
        text = path.read_bytes().decode()
        path.write_bytes(links.rewrite_page(text, turn.link, turn.public, form).encode())
    for name, place in copy.styles.items():
        path = copy.root / name
        turn = _Turn(copy, name, place, copy.site.language)
        path.write_bytes(links.rewrite_style(path.read_bytes().decode(), turn.link).encode())
    for name, suffix in copy.feeds.items():
        path = copy.root / name
        path.write_bytes(tree.with_suffix(path.read_bytes().decode(), copy.nodes, suffix).encode())
    for name in copy.maps:
        path = copy.root / name
        turn = _Turn(copy, name, Place("/"), copy.site.language)
        path.write_bytes(links.rewrite_map(path.read_bytes().decode(), turn.kept).encode())


@dataclass(frozen=True)
class _Turn:
    """Turns the links of one file.

    Attributes:
        copy: what there is. name: of the file. place: what it is a file for. language: of the file.
    """

    copy: Copy
    name: str
    place: Place
    language: Language

    def link(self, target: str) -> str:
        """A link of the page as one between files; whole addresses stay whole."""
        found = self.copy.site.link(target, self.place)
        if found is None:
            return target
        file = self._file(found)
        fragment = f"#{found.fragment}" if found.fragment and file is not None else ""
        if found.absolute:
            return self.copy.site.public(quote(file or self._note_file())) + fragment
        return quote(relative(file or self._note_file(), self.name)) + fragment

    def public(self, target: str) -> str:
        """A whole address of the site as the one in the copy; others, and those that only a server has, stay."""
        found = self.copy.site.link(target, self.place)
        file = None if found is None else self._file(found)
        if found is None or file is None:
            return target
        return self.copy.site.public(quote(file)) + (f"#{found.fragment}" if found.fragment else "")

    def kept(self, target: str) -> str | None:
        """As ``public``, but nothing for what only a server has."""
        found = self.copy.site.link(target, self.place)
        return None if found is None or self._file(found) is None else self.public(target)

    def note(self) -> str:
        """The page that says what needs the server."""
        return quote(relative(self._note_file(), self.name))

    def _note_file(self) -> str:
        return self.copy.entries[NOTE].files[self.language]

    def _file(self, link: Link) -> str | None:
        """The file that a link leads to; ``None`` if only the server has it."""
        resolved = self.copy.resolved(link.place)
        if resolved is None:
            return None
        _, entry = resolved
        if not entry.files:
            return None
        # Another choice or order of things is another page, unless the link leads to a place on the whole one, or goes
        # on from page to page.
        if link.query and not link.fragment and not link.place.page and not self._same(link):
            return None
        language = link.language if link.language in entry.files else self.language
        return entry.files.get(language) or entry.files[self.copy.site.language]

    def _same(self, link: Link) -> bool:
        return (link.place, link.query) in self.copy.same
