"""Which address leads to which page, and small pages: ``/imprint`` and ``/privacy``, redirects, files of the design.

The two notices say what the operator says, and what the server knows of itself. :func:`pages_routes` returns routes to
be put after those of the other rooms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.content import find_content
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.site.context import SiteContext
from interkommunal.site.description.serialisation import CONTEXT_PATH, FILE, Context, read_context
from interkommunal.site.entity.model import Crumb
from interkommunal.site.errors import Missing
from interkommunal.site.frame import Notice, Operator
from interkommunal.site.reader import Sources
from interkommunal.site.site import canonical, path_of, split_suffix
from interkommunal.site.things import Things
from interkommunal.texts import Language, gettext_noop
from interkommunal.translator import Translator
from interkommunal.web.representation import NO_SNIFF, Representation, data_headers
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import FOREVER, redirect
from interkommunal.web.routing import Route, route

_QUERIES_LOGGED: Final = ("debug", "info")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of such a page: a heading or a paragraph, with its language if that is not the language of the page."""

    text: str
    is_heading: bool = False
    language: Language | None = None


class Imprint:
    """``/imprint``."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD; leads elsewhere if the operator has such a page already."""
        operator = self._site_context.operator
        if operator.imprint.elsewhere is not None:
            return redirect(operator.imprint.elsewhere, 302)
        page_request = self._site_context.page_request(request)
        said = blocks(operator.imprint, page_request.language)
        return await _notice(self._site_context, request, "imprint", said)


class Privacy:
    """``/privacy``: first what the server does by itself, as it is set, then what the operator adds."""

    def __init__(self, site_context: SiteContext, settings: Settings) -> None:
        self._site_context = site_context
        self._settings = settings

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD; leads elsewhere if the operator has such a page already."""
        operator = self._site_context.operator
        if operator.privacy.elsewhere is not None:
            return redirect(operator.privacy.elsewhere, 302)
        page_request = self._site_context.page_request(request)
        say = self._site_context.frame(page_request, None).say
        said = blocks(operator.privacy, page_request.language) or (
            Block(
                say(
                    "The operator of this service has stated nothing further here, nor what a server in front of "
                    "this one records."
                )
            ),
        )
        own = own_words(self._settings, say)
        return await _notice(
            self._site_context, request, "privacy", (*own, Block(say("Further information"), True), *said)
        )


def own_words(settings: Settings, say: Translator) -> tuple[Block, ...]:
    """What the server does with what it learns of its visitors, as it is set."""
    found = [
        Block(say("You can read, search and query here without signing in. What you do is not analysed.")),
        Block(say("In your browser"), True),
        Block(say("These pages load nothing from other servers: fonts, styles and scripts come from here.")),
    ]
    found += [
        Block(
            say(
                "There is a single cookie, and only if you switch the language. It is called “lang”, holds the tag "
                "of the language, such as “en”, and stays for a year."
            )
        ),
        Block(
            say(
                "The query editor keeps your queries in the storage of your browser. They reach the server only "
                "when you run them."
            )
        ),
        Block(say("In the log of the server"), True),
    ]
    if settings.log_level in _QUERIES_LOGGED:
        found += [
            Block(
                say(
                    "The server does not log which pages are read. For each SPARQL query and each reconciliation of "
                    "names it writes one line: time, outcome, duration, size and format of the answer, a checksum of "
                    "the query and the network it came from, never the whole address. Of IPv4 addresses the first 24 "
                    "bits remain, of IPv6 addresses the first 48."
                )
            ),
            Block(
                say(
                    "If a query fails, its text is in the log too, so that the fault can be found. If a page fails "
                    "through a fault of the server, its path is."
                )
            ),
        ]
    else:
        found.append(
            Block(
                say(
                    "The server logs faults only: the path of the page or the text of the query that failed, without "
                    "your address."
                )
            )
        )
    if settings.admin_token is not None:
        found.append(
            Block(
                say("While a query is running, those in charge of the server can see its text, to end it if need be.")
            )
        )
    if settings.metrics:
        found.append(
            Block(
                say(
                    "For its operation the server counts how many queries there were and how long they took. These "
                    "figures tell nothing about persons."
                )
            )
        )
    if settings.engine == "remote" or settings.services:
        found.append(Block(say("What is passed on"), True))
        if settings.engine == "remote":
            found.append(
                Block(
                    say(
                        "The data of this service lies on a second server. Queries are passed on to it, without your "
                        "address."
                    )
                )
            )
        if settings.services:
            found.append(
                Block(
                    say(
                        "If your query names one of these endpoints with SERVICE, the part concerned is passed on to "
                        "it, without your address: {services}.",
                        services=", ".join(settings.services),
                    )
                )
            )
    return tuple(found)


def blocks(said: Notice, language: Language) -> tuple[Block, ...]:
    """The text of the operator in pieces: apart by empty lines, headings behind ``#``."""
    own = said.in_one if said.in_one != language else None
    pieces = [item.strip() for item in said.texts.get(language, "").replace("\r\n", "\n").split("\n\n")]
    found = []
    for piece in pieces:
        if piece.startswith("#"):
            heading, _, piece = piece.partition("\n")
            found.append(Block(heading.lstrip("# "), True, own))
        if piece.strip():
            found.append(Block(piece.strip(), False, own))
    return tuple(found)


async def _notice(site_context: SiteContext, request: Request, name: str, said: tuple[Block, ...]) -> Response:
    page_request = site_context.page_request(request)
    release_view = await site_context.editions.current()
    frame = site_context.frame(page_request, release_view)
    title = frame.say("Imprint") if name == "imprint" else frame.say("Privacy")

    async def make() -> Representation:
        return site_context.page(
            "notice.html",
            frame,
            name=name,
            title=title,
            operator=_named(site_context.operator) if name == "imprint" else (),
            blocks=said,
            crumbs=(Crumb(frame.say("Start"), frame.address("/")), Crumb(title, None)),
        )

    return await site_context.kept(page_request, (release_view.identifier, name, page_request.language), make)


def _named(operator: Operator) -> tuple[tuple[str, str, str | None], ...]:
    """Key of the word, text and address of what the settings say about the operator."""
    given = (
        (gettext_noop("Operated by"), operator.name, None),
        (gettext_noop("E-mail"), operator.email, f"mailto:{operator.email}"),
        (gettext_noop("Website"), operator.url, operator.url),
    )
    return tuple((key, text, href) for key, text, href in given if text)


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
