"""Removes releases that an operator no longer wants to keep, and nothing that the change table needs.

What a release created, changed and deleted stays in the change table; so only releases that it knows may go.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from interkommunal.errors import ReleaseError
from interkommunal.release.history import History
from interkommunal.release.output import only_writer
from interkommunal.release.release import CURRENT, Release
from interkommunal.release.versions import Versions

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
