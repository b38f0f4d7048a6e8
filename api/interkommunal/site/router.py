"""Which address leads to which page.

:func:`pages_router` returns a Starlette router to be mounted at the root, after the routes of the other rooms: it also
answers for addresses that lead nowhere.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from interkommunal.content import find_content
from interkommunal.harvest.documents import Documents
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.site.answers import data_headers, file_headers, redirect, sent
from interkommunal.site.description.context import CONTEXT_PATH, FILE, Context, read_context
from interkommunal.site.errors import Missing
from interkommunal.site.formats import split_suffix
from interkommunal.site.guarded import Guarded, Handler, guarded_routes, nothing
from interkommunal.site.house import House
from interkommunal.site.notices import Imprint, Privacy
from interkommunal.site.reader.handler import Sources
from interkommunal.site.site import canonical, path_of
from interkommunal.site.things import Things
from interkommunal.web.publication import Publication
from interkommunal.web.representation import Representation

_CONTEXT_AGE: Final = "public, max-age=31536000, immutable"


def pages_router(settings: Settings, publication: Publication, house: House) -> Router:
    """The pages of a server.

    Args:
        settings: where the content lies, and what is logged.
        publication: the release in force.
        house: what handlers share.

    Raises:
        ReleaseError: the JSON-LD context cannot be read.
        SettingsError: there is no content where the settings say.
    """
    context = _context(settings, publication.release)
    documents = None if publication.release is None else Documents(publication, settings.cache_max_age)
    routes = _routes(house, context, settings, documents)
    return Router(routes=routes, default=Guarded(house, nothing), redirect_slashes=False)


def _routes(house: House, context: Context, settings: Settings, documents: Documents | None) -> list[Route]:
    things, seat = Things(house, context, documents), _Seat(house)
    handlers: tuple[tuple[str, Handler], ...] = (
        ("/id/{rest:path}", seat),
        ("/concept/{rest:path}", seat),
        ("/shape/{rest:path}", seat),
        ("/graph/{rest:path}", seat),
        ("/.well-known/genid/{rest:path}", seat),
        ("/doc/{rest:path}", things),
        ("/ontology", things),
        ("/ontology.{suffix}", things),
        ("/ontology/{rest:path}", things),
        (CONTEXT_PATH, _ContextFile(house, context)),
        ("/sources", _Slash(house)),
        ("/sources/{slug:path}", Sources(house)),
        ("/imprint", Imprint(house)),
        ("/privacy", Privacy(house, settings)),
        ("/design/{fingerprint}/{name:path}", _Assets(house)),
    )
    return guarded_routes(house, handlers)


class _Seat:
    """Canonical IRIs: their path leads to the description (303, as things are no documents)."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, request: Request) -> Response:
        path, suffix = split_suffix(request.scope["path"])
        there = path_of(canonical(path))
        if there is None:
            raise Missing(request.scope["path"])
        query = f"?{request.url.query}" if request.url.query else ""
        return redirect(f"{self._house.site.address(there)}{f'.{suffix}' if suffix else ''}{query}")


class _Slash:
    """A folder asked for without its slash."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, request: Request) -> Response:
        return redirect(self._house.site.address(f"{request.scope['path']}/"), 301)


class _ContextFile:
    """The JSON-LD context, at the address that documents name."""

    def __init__(self, house: House, context: Context) -> None:
        headers = data_headers("application/ld+json", _CONTEXT_AGE)
        self._house = house
        self._file = Representation(context.body, headers)

    async def __call__(self, request: Request) -> Response:
        return await sent(self._file, self._house.visit(request), self._house.site.prefix)


class _Assets:
    """Style, script, fonts and icon. An old fingerprint gets the file of today."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._ready: dict[str, Representation] = {}

    async def __call__(self, request: Request) -> Response:
        name, design = request.path_params["name"], self._house.design
        if name not in design.files:
            raise Missing(request.scope["path"])
        if name not in self._ready:
            self._ready[name] = Representation(design.files[name], file_headers(design.content_type(name)))
        return await sent(self._ready[name], self._house.visit(request), self._house.site.prefix)


def _context(settings: Settings, release: Release | None) -> Context:
    """The context that the release holds, or else that of this installation."""
    if release is not None and FILE in release.manifest.files:
        return read_context(release.path(FILE))
    return read_context(find_content(settings.content).ontology / FILE)
