"""The page of a copy that says what needs the server: one of the site with other content."""

from __future__ import annotations

from html import escape
from typing import Final
from urllib.parse import urlsplit

from interkommunal.app.application import Application
from interkommunal.errors import ExportError
from interkommunal.export import links
from interkommunal.export.addresses import Place, Site
from interkommunal.export.asking import ask
from interkommunal.texts import Language, Text

NOTE: Final = Place("/needs-server")
_TITLE: Final = Text("This needs the server")
_TEXT: Final = Text(
    "This is a copy of the web site as files, as of release {release}. Search, filters, other "
    "orders, the SPARQL endpoint and questions with values of your own are computed for each "
    "request, and earlier releases are not part of the copy; for these you need the server."
)
_WAY: Final = Text(
    "All data lie here as files. With them any SPARQL program answers the same questions; how to "
    "start the server yourself stands in the manual of the project."
)
_DATA: Final = Text("the whole graph")
_WHOLE: Final = "dumps/graph.nq"


async def note(app: Application, site: Site, release: str, language: Language) -> str:
    """The page in a language, with links of the server.

    Args:
        app: the application.
        site: its addresses.
        release: identifier of what is copied.
        language: of the page.

    Raises:
        ExportError: none of the pages can be made that it could be like.
    """
    page = await _plain_page(app, site, language)
    title, way = _TITLE.in_(language), _WAY.in_(language)
    text = _TEXT.in_(language).format(release=release)
    prefix = urlsplit(site.address).path.rstrip("/")
    listed = f'<a href="{prefix}/{_WHOLE}">{escape(_DATA.in_(language))}</a> (N-Quads)'
    main = f"<h1>{escape(title)}</h1><p>{escape(text)}</p><p>{escape(way)}</p><p>{listed}</p>"
    return links.with_content(page, title, main)


async def _plain_page(app: Application, site: Site, language: Language) -> str:
    """A page of the site that has another one's address; operators may have some of them elsewhere."""
    for path in ("/privacy", "/imprint", "/lists"):
        answer = await ask(app, path, "", language)
        if answer.status == 200:
            page = answer.body.decode().replace(f"{path}?lang=", f"{NOTE.path}?lang=")
            return page.replace(f'"{site.address}{path}"', f'"{site.address}{NOTE.path}"')
    raise ExportError("none of the pages of the site can be made; try them on a server first")
