"""Which address leads to which page, and small pages: ``/imprint`` and ``/privacy``, redirects, files of the design.

The two notices say what the operator says, and what the server knows of itself. :func:`pages_routes` returns routes to
be put after those of the other rooms.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.content import find_content
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.site.description.serialisation import CONTEXT_PATH, FILE, Context, read_context
from interkommunal.site.entity.model import Link
from interkommunal.site.errors import Missing
from interkommunal.site.frame import Notice
from interkommunal.site.reader import Sources
from interkommunal.site.site import canonical, path_of, split_suffix
from interkommunal.site.things import Things
from interkommunal.texts import Language, gettext_noop
from interkommunal.translator import Translator, translator
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


def own_words(settings: Settings, say: Translator) -> tuple[Block, ...]:
    """What the server does with what it learns of its visitors, as it is set."""
    is_remote, services = settings.engine == "remote", ", ".join(settings.services or ())
    found: list[str | Block] = [
        say("You can read, search and query here without signing in. What you do is not analysed."),
        Block(say("In your browser"), True),
        say("These pages load nothing from other servers: fonts, styles and scripts come from here."),
        say(
            "There is a single cookie, and only if you switch the language. It is called “lang”, holds the tag of the "
            "language, such as “en”, and stays for a year."
        ),
        say(
            "The query editor keeps your queries in the storage of your browser. They reach the server only when you "
            "run them."
        ),
        Block(say("In the log of the server"), True),
    ]
    if settings.log_level in _QUERIES_LOGGED:
        found += [
            say(
                "The server does not log which pages are read. For each SPARQL query and each reconciliation of names "
                "it writes one line: time, outcome, duration, size and format of the answer, a checksum of the query "
                "and the network it came from, never the whole address. Of IPv4 addresses the first 24 bits remain, of "
                "IPv6 addresses the first 48."
            ),
            say(
                "If a query fails, its text is in the log too, so that the fault can be found. If a page fails through "
                "a fault of the server, its path is."
            ),
        ]
    else:
        found += [
            say(
                "The server logs faults only: the path of the page or the text of the query that failed, without your "
                "address."
            )
        ]
    if settings.admin_token is not None:
        found += [
            say("While a query is running, those in charge of the server can see its text, to end it if need be.")
        ]
    if settings.metrics:
        found += [
            say(
                "For its operation the server counts how many queries there were and how long they took. These figures "
                "tell nothing about persons."
            )
        ]
    if is_remote or services:
        found += [Block(say("What is passed on"), True)]
    if is_remote:
        found += [
            say("The data of this service lies on a second server. Queries are passed on to it, without your address.")
        ]
    if services:
        found += [
            say(
                "If your query names one of these endpoints with SERVICE, the part concerned is passed on to it, "
                "without your address: {services}.",
                services=services,
            )
        ]
    return tuple(item if isinstance(item, Block) else Block(item) for item in found)


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


@dataclass(frozen=True)
class _SmallPages:
    """Notices, redirects and files.

    Attributes:
        site_context: what handlers share. settings: what is logged and passed on. context: names for JSON-LD.
        assets: the files of the design that somebody asked for, by name.
    """

    site_context: SiteContext
    settings: Settings
    context: Context
    assets: dict[str, Representation] = field(default_factory=dict)

    async def imprint(self, request: Request) -> Response:
        """What the operator says of itself; leads elsewhere if it has such a page already."""
        operator = self.site_context.operator
        if operator.imprint.elsewhere is not None:
            return redirect(operator.imprint.elsewhere, 302)
        given = (
            (gettext_noop("Operated by"), operator.name, None),
            (gettext_noop("E-mail"), operator.email, f"mailto:{operator.email}"),
            (gettext_noop("Website"), operator.url, operator.url),
        )
        page_request = self.site_context.page_request(request)
        said, named = blocks(operator.imprint, page_request.language), tuple(item for item in given if item[1])
        return await self._notice(page_request, "imprint", gettext_noop("Imprint"), said, named)

    async def privacy(self, request: Request) -> Response:
        """First what the server does by itself, as it is set, then what the operator adds; or leads elsewhere."""
        notice = self.site_context.operator.privacy
        if notice.elsewhere is not None:
            return redirect(notice.elsewhere, 302)
        page_request = self.site_context.page_request(request)
        say = translator(page_request.language)
        nothing = gettext_noop(
            "The operator of this service has stated nothing further here, nor what a server in front of this one "
            "records."
        )
        said = blocks(notice, page_request.language) or (Block(say(nothing)),)
        own = (*own_words(self.settings, say), Block(say("Further information"), True), *said)
        return await self._notice(page_request, "privacy", gettext_noop("Privacy"), own)

    async def _notice(
        self,
        page_request: PageRequest,
        name: str,
        heading: str,
        said: tuple[Block, ...],
        operator: tuple[tuple[str, str | None, str | None], ...] = (),
    ) -> Response:
        """The page of a notice; ``operator`` has key of the word, text and address of what the settings say."""
        site_context = self.site_context
        release_view = await site_context.editions.current()

        async def make() -> Representation:
            frame = site_context.frame(page_request, release_view)
            title = frame.say(heading)
            crumbs = (Link(frame.say("Start"), frame.address("/")), Link(title, None))
            return site_context.page(
                "notice.html", frame, name=name, title=title, operator=operator, blocks=said, crumbs=crumbs
            )

        return await site_context.kept(page_request, (release_view.identifier, name, page_request.language), make)

    async def canonical(self, request: Request) -> Response:
        """Canonical IRIs: their path leads to the description (303, as things are no documents)."""
        path, suffix = split_suffix(request.scope["path"])
        there = path_of(canonical(path))
        if there is None:
            raise Missing(request.scope["path"])
        query = f"?{request.url.query}" if request.url.query else ""
        return redirect(f"{self.site_context.site.address(there)}{f'.{suffix}' if suffix else ''}{query}")

    async def slash(self, request: Request) -> Response:
        """A folder asked for without its slash."""
        return redirect(self.site_context.site.address(f"{request.scope['path']}/"), 301)

    async def context_file(self, request: Request) -> Response:
        """The JSON-LD context, at the address that documents name."""
        # Names may be added while a version is young, so clients ask again.
        headers = data_headers("application/ld+json", self.site_context.cache_control)
        return await self._sent(request, Representation(self.context.body, headers))

    async def asset(self, request: Request, name: str) -> Response:
        """Style, script, fonts and icon. An old fingerprint gets the file of today."""
        design = self.site_context.design
        if name not in design.files:
            raise Missing(request.scope["path"])
        if name not in self.assets:
            headers = (
                (b"content-type", design.content_type(name).encode()),
                (b"cache-control", FOREVER.encode()),
                (b"cross-origin-resource-policy", b"same-origin"),
                NO_SNIFF,
            )
            self.assets[name] = Representation(design.files[name], headers)
        return await self._sent(request, self.assets[name])

    async def _sent(self, request: Request, file: Representation) -> Response:
        return await self.site_context.sent(ClientRequest(request.scope, self.site_context.language), file)


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
    things, small = Things(site_context, context).__call__, _SmallPages(site_context, settings, context)
    handlers = (
        ("/id/{rest:path}", small.canonical),
        ("/concept/{rest:path}", small.canonical),
        ("/shape/{rest:path}", small.canonical),
        ("/graph/{rest:path}", small.canonical),
        ("/.well-known/genid/{rest:path}", small.canonical),
        ("/doc/{rest:path}", things),
        ("/ontology", things),
        ("/ontology.{suffix}", things),
        ("/ontology/{rest:path}", things),
        (CONTEXT_PATH, small.context_file),
        ("/sources", small.slash),
        ("/sources/{slug:path}", Sources(site_context).__call__),
        ("/imprint", small.imprint),
        ("/privacy", small.privacy),
        ("/design/{fingerprint}/{name:path}", small.asset),
    )
    return [route(path, handler) for path, handler in handlers]


def _context(settings: Settings, release: Release | None) -> Context:
    """The context that the release holds, or else that of this installation."""
    if release is not None and FILE in release.manifest.files:
        return read_context(release.path(FILE))
    return read_context(find_content(settings.content).ontology / FILE)
