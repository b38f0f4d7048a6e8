"""The releases that a folder keeps: every version that was frozen and not thrown away, in order.

In goes the folder of releases, out come its versions, oldest first, and what people call one of them finds it. A
release carries no time of its own, so that the same content gives the same bytes; versions are ordered by version
number, then by the day of that version, then by when their manifest was written on this disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interkommunal.errors import ReleaseError
from interkommunal.release.history import History
from interkommunal.release.manifest import NAME, read_manifest
from interkommunal.release.release import CURRENT, Release

# Semantic Versioning 2.0.0, section 2 and 9; what follows the numbers comes before the version without it.
_SEMVER: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?")
# Shorter starts of a content hash are likelier a slip than a name.
_SHORTEST_HASH: Final = 4

_Order = tuple[tuple[int, ...], bool, str, str, int, str]


@dataclass(frozen=True)
class Versions:
    """The kept releases, oldest first. Their files are looked at only when one is opened.

    Attributes:
        folder: the folder of releases.
        kept: the releases in it.
        history: the change table beside them, if it is looked at.
        moment: when the release that is being made comes into force, as the change table will tell it.
    """

    folder: Path
    kept: tuple[Release, ...]
    history: History | None = None
    moment: str = ""

    @classmethod
    def read(cls, folder: Path) -> Versions:
        """The versions in ``folder``; folders that are no release, or no longer one, are passed over.

        Raises:
            ReleaseError: the folder cannot be read.
        """
        try:
            found = [path for path in folder.iterdir() if not path.name.startswith(".") and path.name != CURRENT]
        except OSError as error:
            raise ReleaseError(f"cannot read the releases in {folder}: {error.strerror}") from error
        return cls(folder, tuple(sorted(_readable(found), key=_order)))

    def find(self, name: str) -> Release:
        """The release that people call ``name``, checked.

        That is its identifier (``0.1.0-ce9f9387e9ff``), its version (the latest release of it), the start of its
        content hash, or ``current`` (the one in force).

        Raises:
            ReleaseError: there is none, there are several, or it is damaged.
        """
        return Release.open(self.folder if name == CURRENT else self.named(name).folder)

    def named(self, name: str) -> Release:
        """As :meth:`find`, but not checked; ``current`` names none here.

        Raises:
            ReleaseError: there is none, or there are several.
        """
        for same in (
            [release for release in self.kept if release.identifier == name],
            [release for release in self.kept if release.version == name][-1:],
            [release for release in self.kept if _begins(release.content_hash, name)],
        ):
            if len(same) > 1:
                several = ", ".join(release.identifier for release in same)
                raise ReleaseError(f"{name} may be {several}; say which")
            if same:
                return same[0]
        kept = ", ".join(release.identifier for release in self.kept) or "none"
        raise ReleaseError(f"no release {name} is kept in {self.folder}; there are: {kept}")

    def previous(self, release: Release) -> Release | None:
        """The version before ``release``, if one is kept."""
        return next((item for item in reversed(self._before(release))), None)

    def next(self, release: Release) -> Release | None:
        """The version after ``release``, if one is kept."""
        after = self.kept[len(self._before(release)) + 1 :]
        return after[0] if after else None

    def modified(self, release: Release) -> dict[str, str]:
        """When each file of ``release`` became what it is.

        That is the moment of a publication (``xsd:dateTime``), told by the change table, so that removing an old
        release moves nothing. Without a table it is the day of the oldest kept version from which on the file is the
        same; a file of which nothing is known is left out.
        """
        if self.history is None:
            days = {name: self._unchanged_since(release, name) for name in release.manifest.files}
            return {name: day for name, day in days.items() if day}
        since = {name: item.time for name, item in self.history.unchanged_since(release.manifest).items()}
        fresh = dict.fromkeys(release.manifest.files, self.moment) if self.moment else {}
        return {**fresh, **since}

    def issued(self, release: Release) -> str:
        """When the first version came into force; without a change table, the day of the oldest that is known."""
        if self.history is not None and self.history.publications:
            return self.history.publications[0].time
        days = [item.manifest.released for item in (*self.kept, release) if item.manifest.released]
        return self.moment or min(days, default="")

    def _unchanged_since(self, release: Release, file: str) -> str:
        day = release.manifest.released
        for older in reversed(self._before(release)):
            known = older.manifest.files.get(file)
            if known is None or known.sha256 != release.manifest.files[file].sha256:
                break
            day = older.manifest.released
        return day

    def _before(self, release: Release) -> tuple[Release, ...]:
        names = [item.identifier for item in self.kept]
        return self.kept[: names.index(release.identifier)] if release.identifier in names else self.kept


def _readable(folders: list[Path]) -> Iterator[Release]:
    for folder in folders:
        if not folder.is_dir():
            continue
        try:
            release = Release(folder.resolve(), read_manifest(folder / NAME))
        except ReleaseError:
            continue
        # A copy under another name is no version of its own.
        if folder.name == release.identifier:
            yield release


def _order(release: Release) -> _Order:
    match = _SEMVER.match(release.version)
    numbers = tuple(int(match[index]) for index in (1, 2, 3)) if match else ()
    early = (match[4] or "") if match else release.version
    written = (release.folder / NAME).stat().st_mtime_ns
    return numbers, not early, early, release.manifest.released, written, release.identifier


def _begins(content_hash: str, name: str) -> bool:
    return len(name) >= _SHORTEST_HASH and content_hash.startswith(name.lower())
