from __future__ import annotations

from pathlib import Path

import pytest
from bench.named import make_named, misspelt

from bench import named
from interkommunal.reconcile.index import NameIndex
from interkommunal.reconcile.matching import Question, ranked, suspects
from interkommunal.release.release import Release


def test_release_of_names_is_whole_and_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "RELEASES", tmp_path)
    made = make_named(400)
    release = Release.open(made.releases)

    release.verify()
    assert len(made.labels) == 400
    assert make_named(400) == made
    assert misspelt(made.labels, 50, 1) == misspelt(made.labels, 50, 1) != misspelt(made.labels, 50, 2)


def test_misspelt_names_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "RELEASES", tmp_path)
    made = make_named(400)
    names = NameIndex(Release.open(made.releases).path("search.sqlite"))
    right = 0
    for text, meant in misspelt(made.labels, 100, 3):
        question = Question(text)
        right += ranked(names, question, suspects(names, question), "de")[0].thing.id == meant
    names.close()

    assert right >= 95
