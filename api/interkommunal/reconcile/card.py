"""What is shown of a thing, a type or a property in a small frame: previews and flyouts, as escaped HTML.

A preview stands in a frame on somebody else's page. So it may be framed by anybody, loads nothing, runs nothing, and
opens links in a window of their own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup

from interkommunal.reconcile.names import Thing
from interkommunal.reconcile.schema import Schema, Term
from interkommunal.texts import Language
from interkommunal.web.problems import Header

WIDTH: Final = 430
HEIGHT: Final = 300
_LONGEST_QUOTE: Final = 240
_MOST_NAMES: Final = 6
# Identifiers that a card shows, the best known first; those of statistics are looked up elsewhere.
_SHOWN: Final = ("wikidata", "gnd", "municipalityKey", "geonames")

_STYLE: Final = (
    "body{margin:0;padding:.75rem 1rem;font:.9375rem/1.45 system-ui,sans-serif;color:#151b3b;background:#fff;"
    "overflow-wrap:anywhere}h1{font-size:1.125rem;line-height:1.25;margin:0}a{color:#154194}p{margin:.25rem 0}"
    ".kind,.id{color:#535d7a}blockquote{margin:.5rem 0;padding-left:.75rem;border-left:3px solid #aebbe0;"
    "font-family:serif}dl{display:grid;grid-template-columns:auto 1fr;gap:0 .75rem;margin:.5rem 0}dt{color:#535d7a}"
    "dd{margin:0;white-space:nowrap}@media(prefers-color-scheme:dark){body{color:#e9ecf5;background:#151b3b}a{color:#a9c1ff}"
    ".kind,.id,dt{color:#aeb6cf}}"
)
_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
# No frame-ancestors: who may show it is not for us to say.
POLICY: Final = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
FRAMED: Final[tuple[Header, ...]] = (
    (b"content-security-policy", POLICY.encode()),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"referrer-policy", b"no-referrer"),
)


class Cards:
    """Renders previews and flyouts."""

    def __init__(self) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "cards"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def thing(
        self,
        thing: Thing,
        schema: Schema,
        page: str,
        names: Sequence[str],
        quote: str,
        identifiers: Sequence[tuple[str, str, bool]],
        language: Language,
    ) -> str:
        """The card of a thing.

        Args:
            thing: with its label in the language.
            schema: says how its classes are called.
            page: URL of its page.
            names: all that it is called.
            quote: a sentence that names it, or empty.
            identifiers: scheme, value, and whether it is its own.
            language: of the card.
        """
        kinds = schema.described(thing.classes[:1], language)
        others = [name for name in names if name != thing.label][:_MOST_NAMES]
        named = [
            (term.label.in_(language), value)
            for shown in _SHOWN
            for scheme, value, _ in identifiers
            if scheme == shown and (term := schema.property(scheme)) is not None
        ]
        return self._render(
            "thing.html",
            language,
            thing=thing,
            page=page,
            kinds=thing.description or ", ".join(kind["name"] for kind in kinds),
            names=", ".join(others),
            quote=quote
            if len(quote) <= _LONGEST_QUOTE
            else f"{quote[:_LONGEST_QUOTE].rstrip()}\N{HORIZONTAL ELLIPSIS}",
            identifiers=named,
        )

    def term(self, term: Term, language: Language) -> str:
        """The card of a type or property."""
        return self._render("term.html", language, term=term)

    def page(self, card: str, title: str, language: Language) -> bytes:
        """A card as a page of its own."""
        return self._render("preview.html", language, title=title, card=Markup(card), style=Markup(_STYLE)).encode()

    def _render(self, template: str, language: Language, **values: object) -> str:
        return self._templates.get_template(template).render(
            language=language, both=lambda german, english: german if language == "de" else english, **values
        )
