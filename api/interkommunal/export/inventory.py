"""What has been rendered: which place became which files, whose links are still those of the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import quote

from interkommunal.export.addresses import Entry, Link, Place, needs_server
from interkommunal.texts import Language

NOTE: Final = Place("/needs-server")


@dataclass(slots=True)
class Draft:
    """A file whose links are still those of the server.

    Attributes:
        name: of the file. kind: of the links in it. language: of the file.
        suffix: of the pages that a page of a feed leads to.
    """

    name: str
    kind: Literal["page", "map", "feed"]
    language: Language
    suffix: str = ""


@dataclass(slots=True)
class Rendered:
    """What came of an address.

    Attributes:
        place: what was asked for. entry: what became of it.
        drafts: files that it wrote whose links are still those of the server.
        onward: places to go on to, with their queries, and whether a reader is led there by a link.
        alike: queries that a suffixed place is linked with; ``same``: those that give the same file as none.
        nodes: the IRIs by which pages of feeds name each other.
    """

    place: Place
    entry: Entry
    drafts: list[Draft] = field(default_factory=list)
    onward: dict[tuple[Place, str], bool] = field(default_factory=dict)
    alike: set[tuple[Place, str]] = field(default_factory=set)
    same: set[tuple[Place, str]] = field(default_factory=set)
    nodes: set[str] = field(default_factory=set)

    @property
    def needed(self) -> dict[Place, str]:
        """Places to go on to that a copy can have, with their queries; of those that need the server only the version
        before a deletion.
        """
        gone = self.entry.target if self.entry.status == 410 else None
        needed: dict[Place, str] = {}
        for place, query in self.onward:
            if place == gone or not needs_server(place.path):
                needed.setdefault(place, query)
        return needed


@dataclass
class Copy:
    """What has been written so far.

    Attributes:
        address: where the copy will be published. language: of pages without a language in their name.
        entries: what became of each place. drafts: files whose links are still those of the server, by name.
        came_from: a page that leads to each place, for messages.
        nodes: the IRIs by which pages of feeds name each other.
        same: places with a query that gives the same file as without it.
    """

    address: str
    language: Language
    entries: dict[Place, Entry] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    came_from: dict[Place, str] = field(default_factory=dict)
    nodes: set[str] = field(default_factory=set)
    same: set[tuple[Place, str]] = field(default_factory=set)

    def add(self, rendered: Rendered) -> None:
        """Note what came of a place."""
        self.entries[rendered.place] = rendered.entry
        self.drafts |= {draft.name: draft for draft in rendered.drafts}
        self.nodes |= rendered.nodes
        self.same |= rendered.same
        path = rendered.place.path
        for (place, _), by_link in rendered.onward.items():
            if by_link:
                # Of several the first by name, so that every run tells the same.
                self.came_from[place] = min(self.came_from.get(place, path), path)

    @property
    def missing(self) -> list[tuple[str, int, str]]:
        """Places that some page leads to and that the server does not have: path, status, and what leads there."""
        return sorted(
            (place.path, entry.status, self.came_from[place])
            for place, entry in self.entries.items()
            if entry.kind == "missing" and place in self.came_from
        )

    def file(self, found: Link, language: Language) -> str | None:
        """The file that a link on a page in ``language`` leads to; ``None`` if only the server has it."""
        entry = self._resolved(found.place)
        if entry is None or not entry.files:
            return None
        # Another choice or order of things is another page, unless the link leads to a place on the whole one, or goes
        # on from page to page.
        same = (found.place, found.query) in self.same
        if found.query and not found.fragment and not found.place.page and not same:
            return None
        return entry.files.get(found.language or language) or entry.files.get(language) or entry.files[self.language]

    def public(self, file: str, fragment: str = "") -> str:
        """The whole URL of a file of the copy, folders without the name of their page."""
        return f"{self.address}/{quote(file).removesuffix('index.html')}" + (f"#{fragment}" if fragment else "")

    def note(self, language: Language) -> str:
        """The file that says what needs the server."""
        return self.entries[NOTE].files[language]

    def _resolved(self, place: Place) -> Entry | None:
        """What a place leads to in the end."""
        for _ in range(5):
            entry = self.entries.get(place)
            if entry is None or entry.kind != "alias" or entry.target is None:
                return entry
            place = entry.target
        return None
