"""Every dump holds what its name says, in every format, and nothing in it hangs on when it was made."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
import zstandard
from pyoxigraph import RdfFormat
from tests.release.frozen import QUADS

from interkommunal.release.dumps import MEDIA_TYPES, PARTS, pack, parts_of
from interkommunal.release.output import Folder
from interkommunal.release.quads import graph_kind
from interkommunal.release.release import Release

FORMATS = {
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
}
RAPPER = {"nq": "nquads", "nt": "ntriples", "ttl": "turtle", "rdf": "rdfxml", "trig": "trig"}


def held(path: Path, suffix: str) -> set[pyoxigraph.Quad]:
    return set(pyoxigraph.parse(path=path, format=FORMATS[suffix]))


def merged(quads: Iterable[pyoxigraph.Quad]) -> set[pyoxigraph.Quad]:
    """The default graph that is their merge."""
    return {pyoxigraph.Quad(*quad.triple) for quad in quads}


@pytest.mark.parametrize("suffix", ["nq", "trig", "jsonld"])
def test_whole_graph_is_in_each_format_that_names_graphs(suffix: str, release: Release) -> None:
    expected = set(QUADS) | (merged(QUADS) if suffix == "jsonld" else set())
    assert held(release.path(f"graph.{suffix}"), suffix) == expected


@pytest.mark.parametrize("suffix", ["nt", "ttl", "rdf"])
def test_whole_graph_without_its_names_has_each_triple_once(suffix: str, release: Release) -> None:
    quads = pyoxigraph.parse(path=release.path(f"graph.{suffix}"), format=FORMATS[suffix])

    assert sorted(map(str, quads)) == sorted({str(pyoxigraph.Quad(*quad.triple)) for quad in QUADS})


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_part_holds_the_statements_of_its_graphs(part: str, suffix: str, shipped: Release) -> None:
    expected = {quad for quad in held(shipped.quads, "nq") if graph_kind(quad.graph_name) in PARTS[part]}
    if suffix in ("nt", "ttl", "rdf"):
        expected = merged(expected)
    elif suffix == "jsonld":
        expected |= merged(expected)

    assert len(expected) > 100
    assert held(shipped.path(f"{part}.{suffix}"), suffix) == expected


def test_every_kind_of_graph_but_what_describes_the_graph_is_in_a_part(shipped: Release) -> None:
    kinds = {kind for part in PARTS.values() for kind in part}

    assert set(shipped.manifest.counts.graphs) - kinds == {"register", "self-description"}


def test_kind_of_graph_that_no_part_is_for_gets_a_dump_of_its_own() -> None:
    assert parts_of(frozenset({"editorial", "novel", "register"})) == {
        "facts": PARTS["facts"],
        "editorial": frozenset({"editorial"}),
        "novel": frozenset({"novel"}),
    }


def test_part_without_a_statement_has_no_dump(release: Release) -> None:
    assert [name for name in release.manifest.files if name.startswith(("reference", "derived"))] == []


def test_compressed_dumps_hold_the_plain_ones(release: Release) -> None:
    plain = [name for name in release.manifest.files if "/" not in name and name.rpartition(".")[2] in MEDIA_TYPES]

    # The whole and four parts in six formats; ontology and shapes, in a folder of their own, are not compressed.
    assert len(plain) == 30
    for name in plain:
        data = release.path(name).read_bytes()
        assert gzip.decompress(release.path(f"{name}.gz").read_bytes()) == data
        assert zstandard.decompress(release.path(f"{name}.zst").read_bytes()) == data


def test_compressed_dumps_bear_no_time_and_no_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.add("a.nq", "application/n-quads", "graph", b"x")

    pack(folder, "a.nq")

    assert (folder.files["a.nq.gz"].media_type, folder.files["a.nq.zst"].media_type) == (
        "application/gzip",
        "application/zstd",
    )
    # RFC 1952, section 2.3: no flags, time 0.
    assert (tmp_path / "a.nq.gz").read_bytes()[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"


@pytest.mark.parametrize("suffix", RAPPER)
def test_rapper_reads_the_dumps(suffix: str, shipped: Release) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("there is no rapper here (Debian package raptor2-utils)")
    command = [rapper, "--count", "--input", RAPPER[suffix], str(shipped.path(f"graph.{suffix}"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    counts = shipped.manifest.counts
    number = counts.statements if suffix in ("nq", "trig") else counts.triples
    assert (done.returncode, done.stderr.strip().rpartition("returned ")[2]) == (0, f"{number} triples")
