"""What people see of the service: cards about things and terms, and a page with a field to try names.

A card stands in a frame on somebody else's page. So it may be framed by anybody, loads nothing, runs nothing, and opens
links in a window of their own. The page says what the service is for and how OpenRefine gets it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from interkommunal.reconcile.index import NameIndex
from interkommunal.reconcile.manifest import PATH
from interkommunal.reconcile.schema import Term
from interkommunal.site.context import SiteContext
from interkommunal.texts import Language, Text
from interkommunal.translator import translator
from interkommunal.web.problems import Header
from interkommunal.web.representation import CORS, Representation

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
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
FRAMED: Final[tuple[Header, ...]] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"referrer-policy", b"no-referrer"),
)

# Features in words; those with a number have it in their value.
_REASONS: Final[Mapping[tuple[str, bool], Text]] = {
    ("same", True): Text("goes by this very name"),
    ("inflected", True): Text("goes by this name, inflected or abbreviated"),
    ("misspelt", True): Text("goes by this name but for typing errors"),
    ("identifier", True): Text("has this identifier"),
    ("identifier", False): Text("is close to what has this identifier"),
    ("type", True): Text("is of this type"),
    ("type", False): Text("is of another type"),
    ("unambiguous", True): Text("nothing else goes by it"),
    ("unambiguous", False): Text("others go by it too"),
    ("rule-bracket", True): Text("name without its bracket"),
    ("rule-abbreviation", True): Text("abbreviation from its bracket"),
    ("rule-quoted", True): Text("name in quotation marks"),
    ("rule-title", True): Text("city with its title"),
    ("rule-place", True): Text("place without its water"),
}
_LIKENESS: Final = Text("likeness of the names")


class Cards:
    """Renders previews and flyouts, as escaped HTML."""

    def __init__(self) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "cards"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def thing(self, index: NameIndex, entry: int, page: str, language: Language) -> str:
        """The card of a thing.

        Args:
            index: of the release.
            entry: number of the thing.
            page: URL of its page.
            language: of the card.
        """
        thing, schema, quote = index.things([entry], language)[entry], index.schema, index.quoted(entry)
        kinds = schema.described(thing.classes[:1], language)
        names = [name for name in index.known_as(entry) if name != thing.label][:_MOST_NAMES]
        identifiers = index.identifiers([entry])[entry]
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
            names=", ".join(names),
            quote=quote if len(quote) <= _LONGEST_QUOTE else f"{quote[:_LONGEST_QUOTE].rstrip()}…",
            identifiers=named,
        )

    def term(self, term: Term, language: Language) -> str:
        """The card of a type or property."""
        return self._render("term.html", language, term=term)

    def page(self, card: str, title: str, language: Language) -> bytes:
        """A card as a page of its own."""
        return self._render("preview.html", language, title=title, card=Markup(card), style=Markup(_STYLE)).encode()

    def _render(self, template: str, language: Language, **values: object) -> str:
        return self._templates.get_template(template).render(language=language, _=translator(language), **values)


class ReconciliationPage:
    """Renders the page.

    Args:
        site_context: what all pages share.
    """

    def __init__(self, site_context: SiteContext) -> None:
        site_context.design.add(Path(__file__).parent)
        self._site_context = site_context

    def representation(
        self,
        index: NameIndex,
        language: Language,
        tried: tuple[str, Term | None],
        candidates: Sequence[Mapping[str, Any]],
    ) -> Representation:
        """The page.

        Args:
            index: of the release.
            language: of the page.
            tried: a name, or nothing, and a type to choose from.
            candidates: for the name, as the service answers them.
        """
        context, (typed, type_) = self._site_context, tried
        usual = index.schema.usual()
        asked = tuple((name, value) for name, value in (("name", typed), ("type", type_.id if type_ else "")) if value)
        return context.page(
            "reconcile.html",
            context.framed(language, index.release, PATH, asked),
            CORS,
            typed=typed,
            type=type_.id if type_ else "",
            types=usual if type_ is None or type_ in usual else [*usual, type_],
            url=context.site.absolute(PATH),
            candidates=[
                {
                    **item,
                    "href": context.site.address(f"/doc/{item['id']}"),
                    "reasons": _reasons(item["features"], language),
                }
                for item in candidates
            ],
        )


def _reasons(features: Sequence[Mapping[str, Any]], language: Language) -> list[str]:
    """Features in words."""
    found = []
    for name, value in ((feature["id"], feature["value"]) for feature in features):
        if isinstance(value, bool):
            if (name, value) in _REASONS:
                found.append(_REASONS[name, value].in_(language))
        elif name == "name":
            found.append(f"{_LIKENESS.in_(language)} {value:g}")
    return found
