from collections import Counter
from itertools import islice
from pathlib import Path

import pyoxigraph
import pytest
from bench.graphs import Graph, make_graph
from tests.release.frozen import sorted_in

from bench import graphs, releases
from interkommunal.namespaces import IK
from interkommunal.release.release import Release


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """A graph of 2,000 triples in a cache of its own."""
    monkeypatch.setattr(graphs, "GRAPHS", tmp_path)
    return make_graph(2_000)


def quads(graph: Graph) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(path=str(graph.path), format=pyoxigraph.RdfFormat.N_QUADS))


def test_a_graph_has_exactly_the_triples_asked_for_and_each_once(graph: Graph) -> None:
    assert len(quads(graph)) == 2_000
    assert len({quad.triple for quad in quads(graph)}) == 2_000


def test_lines_are_sorted_by_code_point(graph: Graph) -> None:
    lines = graph.path.read_bytes().splitlines()
    assert lines == sorted(lines)


def test_the_same_size_gives_the_same_bytes(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "GRAPHS", tmp_path / "again")
    again = make_graph(2_000)
    assert again.path.read_bytes() == graph.path.read_bytes()
    assert again.subjects.read_bytes() == graph.subjects.read_bytes()


def test_a_graph_larger_than_one_run_of_the_sort_is_sorted_too(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphs, "GRAPHS", tmp_path / "merged")
    monkeypatch.setattr(graphs, "_SORTED_AT_ONCE", 300)
    assert make_graph(2_000).sha256 == graph.sha256


def test_what_is_counted_is_there(graph: Graph) -> None:
    types = Counter(quad.object for quad in quads(graph) if quad.predicate.value.endswith("#type"))
    assert types[pyoxigraph.NamedNode(f"{IK}City")] == graph.cities == 20
    # The last one may have been cut off by the number of triples.
    assert types[pyoxigraph.NamedNode(f"{IK}Agreement")] - graph.agreements in (0, 1)


def test_every_subject_to_look_up_has_statements(graph: Graph) -> None:
    subjects = graph.subjects.read_text().split()
    assert {f"<{subject}>" for subject in subjects} == {str(quad.subject) for quad in quads(graph)}
    assert len(subjects) == len(set(subjects))
    assert graph.agreement(3) in subjects
    assert graph.city(graph.cities + 1) == graph.city(1)


def test_too_few_triples_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1000"):
        make_graph(10)


def test_lines_come_without_end_until_they_are_enough() -> None:
    assert len(list(islice(graphs.lines(5_000, graphs._Tally()), 6_000))) == 5_000


def test_a_release_of_a_graph_is_whole(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "RELEASES", tmp_path / "releases")
    release = Release.open(releases.make_release(graph))
    release.verify()
    assert release.content_hash == graph.sha256
    assert release.manifest.counts == sorted_in(tmp_path / "sorted", quads(graph))[0].counts
