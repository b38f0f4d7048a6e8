"""Old releases go only when nothing is lost with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad
from tests.release.frozen import EDITORIAL, ESSEN, LABEL, QUADS, assembly_of
from tests.serving import write_release

from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.release.freeze import freeze
from interkommunal.release.history import GRAPH, History
from interkommunal.release.output import only_writer
from interkommunal.release.release import Release
from interkommunal.release.versions import Versions, prune, remove


@pytest.fixture
def four(releases: Path, small_content: Content) -> list[Release]:
    """Four releases, the last one in force."""
    return [
        freeze(
            assembly_of(*QUADS, Quad(ESSEN, LABEL, Literal(str(number), language="fr"), EDITORIAL)),
            small_content,
            releases,
        )
        for number in range(4)
    ]


def kept(releases: Path) -> list[str]:
    return sorted(path.name for path in releases.iterdir() if path.is_dir() and not path.is_symlink())


def names(found: list[Release]) -> list[str]:
    return sorted(release.identifier for release in found)


def test_removed_release_is_gone_and_its_changes_stay(releases: Path, four: list[Release]) -> None:
    removed = remove(releases, [four[1].identifier, four[1].content_hash[:8]])

    assert names(removed) == [four[1].identifier]
    assert kept(releases) == names([four[0], *four[2:]])
    history = History.open(releases)
    assert history is not None
    history.verify()
    assert b'"1"@fr' in history.versions(GRAPH, ESSEN.value)[1].statements


def test_pruning_keeps_what_came_into_force_last(releases: Path, four: list[Release]) -> None:
    assert names(prune(releases, 2)) == names(four[:2])
    assert kept(releases) == names(four[2:])
    assert prune(releases, 2) == []


def test_release_in_force_is_kept_even_if_others_are_newer(
    releases: Path, four: list[Release], small_content: Content
) -> None:
    link = releases / "current"
    link.unlink()
    link.symlink_to(four[0].folder.name)

    prune(releases, 1)

    assert kept(releases) == [four[0].identifier]


def test_release_in_force_is_not_removed(releases: Path, four: list[Release]) -> None:
    with pytest.raises(ReleaseError, match="is in force and stays"):
        remove(releases, [four[0].identifier, four[3].identifier])

    assert kept(releases) == names(four)


def test_damaged_release_may_go(releases: Path, four: list[Release]) -> None:
    four[0].quads.write_bytes(b"cut off")

    remove(releases, [four[0].identifier])

    assert kept(releases) == names(four[1:])


def test_release_that_the_change_table_does_not_know_is_not_removed(releases: Path, four: list[Release]) -> None:
    stranger = write_release(releases, b"", "9.0.0")
    (releases / "current").unlink()
    (releases / "current").symlink_to(four[3].folder.name)

    with pytest.raises(ReleaseError, match=r"does not know 9\.0\.0-.*build once more"):
        remove(releases, [stranger.identifier])

    assert stranger in Versions.read(releases).kept


def test_nothing_is_removed_without_a_change_table(releases: Path, four: list[Release]) -> None:
    (releases / "history.sqlite").unlink()

    with pytest.raises(ReleaseError, match="no change table yet"):
        prune(releases, 1)

    assert kept(releases) == names(four)


def test_nothing_is_removed_while_a_build_writes(releases: Path, four: list[Release]) -> None:
    with only_writer(releases), pytest.raises(ReleaseError, match="another build is writing"):
        prune(releases, 1)

    assert kept(releases) == names(four)


def test_folder_without_releases_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="make one: interkommunal build"):
        remove(tmp_path / "none", ["0.1.0"])
