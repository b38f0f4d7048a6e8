"""The releases that a folder keeps: every version that was frozen and not thrown away, in order.

In goes the folder of releases, out come its versions, oldest first, and what people call one of them finds it. A
release carries no time of its own, so that the same content gives the same bytes; versions are ordered by version
number, then by the day of that version, then by when their manifest was written on this disk.

Removes releases that an operator no longer wants to keep, and nothing that the change table needs.

What a release created, changed and deleted stays in the change table; so only releases that it knows may go.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interkommunal.errors import ReleaseError
from interkommunal.release.history import History
from interkommunal.release.manifest import NAME, read_manifest
from interkommunal.release.output import only_writer
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


# Builds throw away what has such a name, so an interrupted removal ends with the next one.
_REMOVED: Final = ".unfinished-removed-"


def remove(releases: Path, names: Sequence[str]) -> list[Release]:
    """Removes the kept releases that people call ``names``.

    Raises:
        ReleaseError: one of them is not kept, is in force, or is not in the change table; then none is removed.
    """
    with _writing(releases):
        versions = Versions.read(releases)
        # Damaged ones may go too, so none is opened.
        in_force = (releases / CURRENT).resolve().name
        chosen = [versions.named(in_force if name == CURRENT else name) for name in names]
        return _remove(releases, list({release.identifier: release for release in chosen}.values()))


def prune(releases: Path, keep: int) -> list[Release]:
    """Removes all but the newest ``keep`` releases; the one in force always stays.

    Newest is what came into force last, by the change table.

    Raises:
        ReleaseError: there is no change table, or a release cannot be removed.
    """
    with _writing(releases):
        history = _history(releases)
        in_force = (releases / CURRENT).resolve().name
        order = {item.release: item.number for item in history.publications}
        kept = [release for release in Versions.read(releases).kept if release.identifier in order]
        newest = sorted(kept, key=lambda release: (release.identifier == in_force, order[release.identifier]))
        return _remove(releases, newest[: max(0, len(newest) - max(1, keep))])


def _remove(releases: Path, chosen: Sequence[Release]) -> list[Release]:
    history = _history(releases)
    known = {item.release for item in history.publications}
    in_force = (releases / CURRENT).resolve().name
    for release in chosen:
        if release.identifier == in_force:
            raise ReleaseError(f"{release.identifier} is in force and stays; put another one in force first")
        if release.identifier not in known:
            raise ReleaseError(
                f"the change table does not know {release.identifier}, so its changes would be lost; "
                "build once more, then remove it"
            )
    for release in chosen:
        # In one step it is no release any more; the files go afterwards.
        aside = releases / f"{_REMOVED}{release.identifier}"
        release.folder.rename(aside)
        shutil.rmtree(aside)
    return list(chosen)


@contextmanager
def _writing(releases: Path) -> Iterator[None]:
    if not releases.is_dir():
        raise ReleaseError(f"there are no releases in {releases}; make one: interkommunal build")
    try:
        with only_writer(releases):
            yield
    except OSError as error:
        raise ReleaseError(f"cannot write to {releases}: {error.strerror}") from error


def _history(releases: Path) -> History:
    history = History.open(releases)
    if history is None:
        raise ReleaseError(f"{releases} has no change table yet; make one first: interkommunal build")
    return history
