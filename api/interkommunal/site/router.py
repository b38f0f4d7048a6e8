"""Which address leads to which page.

:func:`pages_routes` returns routes to be put after those of the other rooms.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.content import find_content
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.site.context import SiteContext
from interkommunal.site.description.serialisation import CONTEXT_PATH, FILE, Context, read_context
from interkommunal.site.errors import Missing
from interkommunal.site.notices import Imprint, Privacy
from interkommunal.site.reader.handler import Sources
from interkommunal.site.site import canonical, path_of, split_suffix
from interkommunal.site.things import Things
from interkommunal.web.representation import NO_SNIFF, Representation, data_headers
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import FOREVER, redirect
from interkommunal.web.routing import Route, route


def pages_routes(settings: Settings, site_context: SiteContext) -> list[Route]:
    """The pages of a server.

    Args:
        settings: where the content lies, and what is logged.
        site_context: what handlers share.

    Raises:
        ReleaseError: the JSON-LD context cannot be read.
        SettingsError: there is no content where the settings say.
    """
    context = _context(settings, site_context.publication.release)
    things, canonical_redirect = Things(site_context, context), CanonicalRedirect(site_context)
    handlers = (
        ("/id/{rest:path}", canonical_redirect),
        ("/concept/{rest:path}", canonical_redirect),
        ("/shape/{rest:path}", canonical_redirect),
        ("/graph/{rest:path}", canonical_redirect),
        ("/.well-known/genid/{rest:path}", canonical_redirect),
        ("/doc/{rest:path}", things),
        ("/ontology", things),
        ("/ontology.{suffix}", things),
        ("/ontology/{rest:path}", things),
        (CONTEXT_PATH, _ContextFile(site_context, context)),
        ("/sources", AddSlash(site_context)),
        ("/sources/{slug:path}", Sources(site_context)),
        ("/imprint", Imprint(site_context)),
        ("/privacy", Privacy(site_context, settings)),
        ("/design/{fingerprint}/{name:path}", _Assets(site_context)),
    )
    return [route(path, handler.__call__) for path, handler in handlers]


class CanonicalRedirect:
    """Canonical IRIs: their path leads to the description (303, as things are no documents)."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        path, suffix = split_suffix(request.scope["path"])
        there = path_of(canonical(path))
        if there is None:
            raise Missing(request.scope["path"])
        query = f"?{request.url.query}" if request.url.query else ""
        return redirect(f"{self._site_context.site.address(there)}{f'.{suffix}' if suffix else ''}{query}")


class AddSlash:
    """A folder asked for without its slash."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        return redirect(self._site_context.site.address(f"{request.scope['path']}/"), 301)


class _ContextFile:
    """The JSON-LD context, at the address that documents name."""

    def __init__(self, site_context: SiteContext, context: Context) -> None:
        self._site_context = site_context
        # Names may be added while a version is young, so clients ask again.
        self._file = Representation(context.body, data_headers("application/ld+json", site_context.cache_control))

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        return await self._site_context.sent(ClientRequest(request.scope, self._site_context.language), self._file)


class _Assets:
    """Style, script, fonts and icon. An old fingerprint gets the file of today."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context
        self._ready: dict[str, Representation] = {}

    async def __call__(self, request: Request, name: str) -> Response:
        """GET or HEAD."""
        site_context, design = self._site_context, self._site_context.design
        if name not in design.files:
            raise Missing(request.scope["path"])
        if name not in self._ready:
            headers = (
                (b"content-type", design.content_type(name).encode()),
                (b"cache-control", FOREVER.encode()),
                (b"cross-origin-resource-policy", b"same-origin"),
                NO_SNIFF,
            )
            self._ready[name] = Representation(design.files[name], headers)
        return await site_context.sent(ClientRequest(request.scope, site_context.language), self._ready[name])


def _context(settings: Settings, release: Release | None) -> Context:
    """The context that the release holds, or else that of this installation."""
    if release is not None and FILE in release.manifest.files:
        return read_context(release.path(FILE))
    return read_context(find_content(settings.content).ontology / FILE)
