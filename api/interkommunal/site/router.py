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
from interkommunal.site.context import SiteContext
from interkommunal.site.description.serialisation import CONTEXT_PATH, FILE, Context, read_context
from interkommunal.site.errors import Missing
from interkommunal.site.formats import split_suffix
from interkommunal.site.guarded import Guarded, Handler, guarded_routes, nothing
from interkommunal.site.notices import Imprint, Privacy
from interkommunal.site.reader.handler import Sources
from interkommunal.site.site import canonical, path_of
from interkommunal.site.things import Things
from interkommunal.web.publication import Publication
from interkommunal.web.representation import Representation

_CONTEXT_AGE: Final = "public, max-age=31536000, immutable"


def pages_router(settings: Settings, publication: Publication, site_context: SiteContext) -> Router:
    """The pages of a server.

    Args:
        settings: where the content lies, and what is logged.
        publication: the release in force.
        site_context: what handlers share.

    Raises:
        ReleaseError: the JSON-LD context cannot be read.
        SettingsError: there is no content where the settings say.
    """
    context = _context(settings, publication.release)
    documents = None if publication.release is None else Documents(publication, settings.cache_max_age)
    routes = _routes(site_context, context, settings, documents)
    return Router(routes=routes, default=Guarded(site_context, nothing), redirect_slashes=False)


def _routes(
    site_context: SiteContext, context: Context, settings: Settings, documents: Documents | None
) -> list[Route]:
    things, seat = Things(site_context, context, documents), _Seat(site_context)
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
        (CONTEXT_PATH, _ContextFile(site_context, context)),
        ("/sources", _Slash(site_context)),
        ("/sources/{slug:path}", Sources(site_context)),
        ("/imprint", Imprint(site_context)),
        ("/privacy", Privacy(site_context, settings)),
        ("/design/{fingerprint}/{name:path}", _Assets(site_context)),
    )
    return guarded_routes(site_context, handlers)


class _Seat:
    """Canonical IRIs: their path leads to the description (303, as things are no documents)."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context

    async def __call__(self, request: Request) -> Response:
        path, suffix = split_suffix(request.scope["path"])
        there = path_of(canonical(path))
        if there is None:
            raise Missing(request.scope["path"])
        query = f"?{request.url.query}" if request.url.query else ""
        return redirect(f"{self._site_context.site.address(there)}{f'.{suffix}' if suffix else ''}{query}")


class _Slash:
    """A folder asked for without its slash."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context

    async def __call__(self, request: Request) -> Response:
        return redirect(self._site_context.site.address(f"{request.scope['path']}/"), 301)


class _ContextFile:
    """The JSON-LD context, at the address that documents name."""

    def __init__(self, site_context: SiteContext, context: Context) -> None:
        headers = data_headers("application/ld+json", _CONTEXT_AGE)
        self._site_context = site_context
        self._file = Representation(context.body, headers)

    async def __call__(self, request: Request) -> Response:
        return await sent(self._file, self._site_context.page_request(request), self._site_context.site.prefix)


class _Assets:
    """Style, script, fonts and icon. An old fingerprint gets the file of today."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context
        self._ready: dict[str, Representation] = {}

    async def __call__(self, request: Request) -> Response:
        name, design = request.path_params["name"], self._site_context.design
        if name not in design.files:
            raise Missing(request.scope["path"])
        if name not in self._ready:
            self._ready[name] = Representation(design.files[name], file_headers(design.content_type(name)))
        return await sent(self._ready[name], self._site_context.page_request(request), self._site_context.site.prefix)


def _context(settings: Settings, release: Release | None) -> Context:
    """The context that the release holds, or else that of this installation."""
    if release is not None and FILE in release.manifest.files:
        return read_context(release.path(FILE))
    return read_context(find_content(settings.content).ontology / FILE)
