"""The questions that start page and query page offer for a first try: those of the query library of the release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from interkommunal.graph.library import LibraryQuery
from interkommunal.release.library import open_library
from interkommunal.release.release import Release
from interkommunal.texts import Label, Language, Text
from interkommunal.web.publication import Publication

# Shown first: an answer in one look, a doubt, a count.
_FIRST: Final = ("first-signatories-of-the-contract", "contradictions", "forums-by-year-and-city")


@dataclass(frozen=True, slots=True)
class Example:
    """A question in plain words, and the query that asks it."""

    name: str
    question: Text | Label
    query: str

    def link(self, language: Language) -> str:
        """Query string that asks it on the query page."""
        return urlencode({"query": self.query, "lang": language})


# Where there is no library, one query that fits any graph.
ANYTHING: Final = Example(
    "anything",
    Text("Ten statements with the passage they stand in"),
    "SELECT ?subject ?property ?value ?passage\nWHERE { GRAPH ?passage { ?subject ?property ?value } }\nLIMIT 10\n",
)


@dataclass
class Examples:
    """The examples of the release in force; they change with it."""

    publication: Publication
    _release: Release | None = None
    _found: tuple[Example, ...] = (ANYTHING,)

    def now(self) -> tuple[Example, ...]:
        """The examples, the best for a first try in front; at least one.

        Raises:
            ReleaseError: the library cannot be read.
        """
        release = self.publication.release
        if release is not self._release:
            self._found = examples_of(() if release is None else open_library(release))
            self._release = release
        return self._found


def examples_of(library: Iterable[LibraryQuery]) -> tuple[Example, ...]:
    """The questions of ``library`` as examples."""
    found = [Example(item.name, Label(item.summary), item.text) for item in library]
    found.sort(key=lambda item: (_FIRST.index(item.name) if item.name in _FIRST else len(_FIRST), item.name))
    return tuple(found) or (ANYTHING,)
