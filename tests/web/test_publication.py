"""What an engine opens of a release."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import QuerySolutions, Store
from tests.serving import write_release

from interkommunal.web.publication import engine_source

QUADS = b"""\
<https://example.org/essen> <https://example.org/p> <https://example.org/o> <https://example.org/g1> .
<https://example.org/essen> <https://example.org/p> <https://example.org/o> <https://example.org/g2> .
"""


def test_the_memory_engine_opens_the_canonical_quads(tmp_path: Path) -> None:
    release = write_release(tmp_path, QUADS)
    assert engine_source(release, "memory") == release.quads


def test_the_store_of_the_disk_engine_is_built_once_with_each_triple_once(tmp_path: Path) -> None:
    release = write_release(tmp_path, QUADS)
    folder = engine_source(release, "disk")
    made = folder.stat().st_ino
    assert engine_source(release, "disk").stat().st_ino == made
    answer = Store.read_only(str(folder)).query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert isinstance(answer, QuerySolutions)
    assert [str(row["n"].value) for row in answer] == ["1"]
    release.verify()
