"""``/imprint`` and ``/privacy``: what the operator says, and what the server knows of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.settings import Settings
from interkommunal.site.context import SiteContext
from interkommunal.site.entity.model import Crumb
from interkommunal.site.frame import Notice, Operator
from interkommunal.texts import Language, gettext_noop
from interkommunal.translator import Translator
from interkommunal.web.representation import Representation
from interkommunal.web.responder import redirect

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
