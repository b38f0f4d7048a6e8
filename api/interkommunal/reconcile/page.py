"""The page of the service for people: what it is for, how OpenRefine gets it, and a field to try it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from interkommunal.reconcile.book import Book
from interkommunal.reconcile.manifest import PATH
from interkommunal.reconcile.schema import Schema
from interkommunal.site.context import SiteContext
from interkommunal.texts import Language, Text
from interkommunal.web.representation import CORS, Representation

# Features in words; those with a number after a colon have it.
_WORDS: Final[Mapping[tuple[str, bool], Text]] = {
    ("same", True): Text("heißt genau so", "goes by this very name"),
    ("inflected", True): Text("heißt so, gebeugt oder abgekürzt", "goes by this name, inflected or abbreviated"),
    ("misspelt", True): Text("heißt so bis auf Tippfehler", "goes by this name but for typing errors"),
    ("identifier", True): Text("hat diese Kennung", "has this identifier"),
    ("identifier", False): Text("ist nah verwandt mit dieser Kennung", "is close to what has this identifier"),
    ("type", True): Text("ist von dieser Art", "is of this type"),
    ("type", False): Text("ist von anderer Art", "is of another type"),
    ("unambiguous", True): Text("nichts anderes heißt so", "nothing else goes by it"),
    ("unambiguous", False): Text("anderes heißt auch so", "others go by it too"),
    ("rule-bracket", True): Text("Name ohne Klammer", "name without its bracket"),
    ("rule-abbreviation", True): Text("Abkürzung aus der Klammer", "abbreviation from its bracket"),
    ("rule-quoted", True): Text("Name in Anführungszeichen", "name in quotation marks"),
    ("rule-title", True): Text("Stadt mit ihrem Titel", "city with its title"),
    ("rule-place", True): Text("Ort ohne sein Gewässer", "place without its water"),
}
_NAME: Final = Text("Ähnlichkeit der Namen", "likeness of the names")


class ReconciliationPage:
    """Renders the page.

    Args:
        site_context: what all pages share.
    """

    def __init__(self, site_context: SiteContext) -> None:
        site_context.design.add(Path(__file__).parent)
        self._site_context = site_context

    def representation(
        self, book: Book, language: Language, typed: str, type_: str, candidates: Sequence[Mapping[str, Any]]
    ) -> Representation:
        """The page.

        Args:
            book: the release.
            language: of the page.
            typed: name that was tried, or empty.
            type_: identifier of the type that was chosen, or empty.
            candidates: as the service answers them.
        """
        site_context = self._site_context
        asked = tuple((name, value) for name, value in (("name", typed), ("type", type_)) if value)
        return site_context.page(
            "reconcile.html",
            site_context.framed(language, book.release, PATH, asked),
            CORS,
            typed=typed,
            type=type_,
            types=_types(book.schema, type_),
            url=site_context.site.absolute(PATH),
            candidates=[
                {
                    **item,
                    "href": site_context.site.address(f"/doc/{item['id']}"),
                    "reasons": reasons(item["features"], language),
                }
                for item in candidates
            ],
        )


def reasons(features: Sequence[Mapping[str, Any]], language: Language) -> list[str]:
    """Features in words."""
    found = []
    for feature in features:
        name, value = feature["id"], feature["value"]
        if isinstance(value, bool):
            if (name, value) in _WORDS:
                found.append(_WORDS[name, value].in_(language))
        elif name == "name":
            found.append(f"{_NAME.in_(language)} {value:g}")
    return found


def _types(schema: Schema, chosen: str) -> list[Any]:
    """The types that are offered, with the one that was chosen."""
    usual = schema.usual()
    term = schema.type(chosen)
    return usual if term is None or term in usual else [*usual, term]
