"""``/imprint`` and ``/privacy``: what the operator says, and what the server knows of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.settings import Settings
from interkommunal.site.answers import redirect, sent
from interkommunal.site.context import SiteContext
from interkommunal.site.entity.model import Crumb
from interkommunal.site.messages import Messages
from interkommunal.site.operator import Operator, Statement
from interkommunal.texts import Language

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
        said = blocks(operator.privacy, page_request.language) or (Block(say("privacy.missing")),)
        own = own_words(self._settings, say)
        return await _notice(self._site_context, request, "privacy", (*own, Block(say("privacy.further"), True), *said))


def own_words(settings: Settings, say: Messages) -> tuple[Block, ...]:
    """What the server does with what it learns of its visitors, as it is set."""
    found = [Block(say("privacy.short")), Block(say("privacy.pages.title"), True), Block(say("privacy.pages"))]
    found += [Block(say("privacy.cookie")), Block(say("privacy.editor")), Block(say("privacy.log.title"), True)]
    if settings.log_level in _QUERIES_LOGGED:
        found += [Block(say("privacy.log")), Block(say("privacy.log.text"))]
    else:
        found.append(Block(say("privacy.log.none")))
    if settings.admin_token is not None:
        found.append(Block(say("privacy.admin")))
    if settings.metrics:
        found.append(Block(say("privacy.metrics")))
    if settings.engine == "remote" or settings.services:
        found.append(Block(say("privacy.passed.title"), True))
        if settings.engine == "remote":
            found.append(Block(say("privacy.remote")))
        if settings.services:
            found.append(Block(say("privacy.services", services=", ".join(settings.services))))
    return tuple(found)


def blocks(said: Statement, language: Language) -> tuple[Block, ...]:
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
    title = frame.say(f"{name}.title")
    page = site_context.page(
        "notice.html",
        frame,
        name=name,
        title=title,
        operator=_named(site_context.operator) if name == "imprint" else (),
        blocks=said,
        crumbs=(Crumb(frame.say("nav.start"), frame.address("/")), Crumb(title, None)),
    )
    return await sent(page, page_request, site_context.site.prefix)


def _named(operator: Operator) -> tuple[tuple[str, str, str | None], ...]:
    """Key of the word, text and address of what the settings say about the operator."""
    given = (
        ("imprint.name", operator.name, None),
        ("imprint.email", operator.email, f"mailto:{operator.email}"),
        ("imprint.url", operator.url, operator.url),
    )
    return tuple((key, text, href) for key, text, href in given if text)
