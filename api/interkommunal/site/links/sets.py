"""The mapping sets of a release, read once: rows for pages, and the way from identifiers of others to our things."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rapidfuzz import fuzz

from interkommunal.errors import InterkommunalError
from interkommunal.graph.authorities import AUTHORITIES, Authority
from interkommunal.graph.mapping_set import ACCEPTED, EXACT, MappingRow, MappingSet, file_name, parse_mapping_set
from interkommunal.release.release import Release

FOLDER: Final = "links"
_LIKE_ENOUGH: Final = 80.0
_MOST: Final = 5


class Sets:
    """The mapping sets of the release in force; another release is read when it is asked for."""

    def __init__(self) -> None:
        self._release: Release | None = None
        self._sets: dict[str, MappingSet] = {}

    def of(self, release: Release | None) -> dict[str, MappingSet]:
        """The sets by slug of their authority; none if the release carries none."""
        if release is not self._release:
            self._release, self._sets = release, {}
            for authority in AUTHORITIES if release is not None else ():
                assert release is not None
                if file(authority) in release.manifest.files:
                    self._sets[authority.slug] = _read(release.path(file(authority)), authority)
        return self._sets

    def thing(self, release: Release | None, slug: str, identifier: str) -> str | None:
        """The IRI of our thing that is this entry of the authority: matched exactly, else closely."""
        found = [row for row in self._accepted(release, slug) if _identifier(row) == identifier]
        found.sort(key=lambda row: row.predicate_id != EXACT)
        return found[0].subject if found else None

    def near(self, release: Release | None, slug: str, identifier: str) -> list[tuple[MappingRow, str]]:
        """Rows whose identifier is much like one that leads nowhere, best first, with their identifier."""
        scored = [
            (fuzz.ratio(_bare(identifier), _bare(_identifier(row))), row) for row in self._accepted(release, slug)
        ]
        close = sorted((item for item in scored if item[0] >= _LIKE_ENOUGH), key=lambda item: (-item[0], item[1].pair))
        return [(row, _identifier(row)) for _, row in close[:_MOST]]

    def _accepted(self, release: Release | None, slug: str) -> tuple[MappingRow, ...]:
        found = self.of(release).get(slug)
        return found.of_state(ACCEPTED) if found else ()


def file(authority: Authority) -> str:
    """The name of the file of a set in a release."""
    return f"{FOLDER}/{file_name(authority)}"


def _read(path: Path, authority: Authority) -> MappingSet:
    try:
        return parse_mapping_set(path.read_text("utf-8"), path, authority)
    except (OSError, InterkommunalError):
        # The release was verified when it was opened; a set of another form is not shown.
        return MappingSet(authority, ())


def _identifier(row: MappingRow) -> str:
    return next(of.identifier(row.object) or "" for of in AUTHORITIES if row.object.startswith(of.namespace))


def _bare(identifier: str) -> str:
    return identifier.replace("-", "").replace("/", "").casefold()
