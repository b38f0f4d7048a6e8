"""A release is opened only if it is whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.release.frozen import QUADS, assembly_of

from interkommunal import __released__, __version__
from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.release.freeze import freeze
from interkommunal.release.manifest import Counts
from interkommunal.release.release import Release

WAY_OUT = "interkommunal build"


def test_folder_of_releases_opens_the_one_in_force(releases: Path, release: Release) -> None:
    assert Release.open(releases) == release


def test_release_opens_by_its_own_folder(releases: Path, release: Release) -> None:
    assert Release.open(releases / release.identifier) == release


def test_identifier_is_version_and_start_of_the_content_hash(release: Release) -> None:
    assert release.version == __version__
    assert release.content_hash == release.manifest.files["graph.nq"].sha256
    assert release.identifier == f"{__version__}-{release.content_hash[:12]}"
    assert release.folder.name == release.identifier


def test_manifest_counts_statements_triples_graphs_and_things(release: Release) -> None:
    assert release.manifest.counts == Counts(
        statements=10,
        triples=9,
        graphs={"passage": 2, "editorial": 1, "vocabulary": 1},
        classes={"https://w3id.org/interkommunal/ontology#Goal": 2},
    )


def test_manifest_names_every_file_with_its_type_size_and_hash(release: Release) -> None:
    kinds = {name: (file.media_type, file.holds) for name, file in release.manifest.files.items()}
    formats = {
        "jsonld": "application/ld+json",
        "nq": "application/n-quads",
        "nt": "application/n-triples",
        "rdf": "application/rdf+xml",
        "trig": "application/trig",
        "ttl": "text/turtle",
    }
    codings = {".gz": "application/gzip", ".zst": "application/zstd"}
    dumps = {}
    for part in ("graph", "facts", "passages", "editorial", "vocabulary"):
        for suffix, media_type in formats.items():
            dumps[f"{part}.{suffix}"] = (media_type, part)
            dumps |= {f"{part}.{suffix}{packed}": (kind, part) for packed, kind in codings.items()}

    documents = {
        f"vocabulary/{name}.{suffix}": (formats[suffix], "document")
        for name in ("ontology", "shapes")
        for suffix in ("ttl", "rdf", "jsonld", "nt")
    }

    assert kinds == {
        **dumps,
        **documents,
        "interkommunal.sqlite": ("application/vnd.sqlite3", "table"),
        "interkommunal.sqlite.gz": ("application/gzip", "table"),
        "interkommunal.sqlite.zst": ("application/zstd", "table"),
        "search.sqlite": ("application/vnd.sqlite3", "search"),
        "sources/grundlagen.txt": ("text/plain;charset=utf-8", "source"),
        "tables/csv-metadata.json": ("application/csvm+json", "table"),
        "tables/goal.csv": ("text/csv;charset=utf-8;header=present", "table"),
        "tables/goal.jsonl": ("application/jsonl", "table"),
        "tables/goal.parquet": ("application/vnd.apache.parquet", "table"),
        "tables-csv.zip": ("application/zip", "table"),
        "tables-jsonl.zip": ("application/zip", "table"),
        "tables-parquet.zip": ("application/zip", "table"),
        "void.json": ("application/json", "void"),
    }
    release.verify()


def test_release_carries_the_texts_it_quotes(release: Release, small_content: Content) -> None:
    text = small_content.data / "sources/grundlagen/text.txt"

    assert release.path("sources/grundlagen.txt").read_bytes() == text.read_bytes()


def test_opened_release_stays_the_same_when_a_newer_one_comes_into_force(
    releases: Path, release: Release, small_content: Content
) -> None:
    opened = Release.open(releases)
    freeze(assembly_of(*QUADS[:3]), small_content, releases)

    assert opened.quads.read_bytes().count(b"\n") == 10
    assert Release.open(releases).quads.read_bytes().count(b"\n") == 3


def test_unknown_file_is_refused(release: Release) -> None:
    with pytest.raises(ReleaseError, match=r"has no file \.\./secret"):
        release.path("../secret")


def test_empty_folder_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=f"there is no release in .*; make one: {WAY_OUT}"):
        Release.open(tmp_path)


def test_half_written_release_is_refused_with_the_way_out(releases: Path, release: Release) -> None:
    (release.folder / "manifest.json").unlink()

    with pytest.raises(ReleaseError, match=f"half-written release: it has no manifest.json; .*{WAY_OUT}"):
        Release.open(releases)


def test_missing_file_is_refused(releases: Path, release: Release) -> None:
    (release.folder / "facts.ttl").unlink()

    with pytest.raises(ReleaseError, match=f"facts.ttl is missing; .*{WAY_OUT}"):
        Release.open(releases)


def test_cut_off_file_is_refused(releases: Path, release: Release) -> None:
    path = release.folder / "graph.trig"
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(ReleaseError, match=r"graph.trig has \d+ bytes, not \d+"):
        Release.open(releases)


def test_changed_statements_are_refused(releases: Path, release: Release) -> None:
    path = release.folder / "graph.nq"
    path.write_bytes(path.read_bytes().replace(b"essen", b"hagen"))

    with pytest.raises(ReleaseError, match=r"graph\.nq has another SHA-256 than its manifest says"):
        Release.open(releases)


def test_verify_finds_a_change_in_any_file(releases: Path, release: Release) -> None:
    path = release.folder / "facts.ttl"
    path.write_bytes(path.read_bytes().replace(b"essen", b"hagen"))

    with pytest.raises(ReleaseError, match=r"facts\.ttl has another SHA-256 than its manifest says"):
        Release.open(releases).verify()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}', '{"format": 1, "version": 5, "files": {}}'])
def test_damaged_manifest_is_refused(text: str, releases: Path, release: Release) -> None:
    (release.folder / "manifest.json").write_text(text)

    with pytest.raises(ReleaseError, match=f"manifest.json is damaged; .*{WAY_OUT}"):
        Release.open(releases)


def test_manifest_of_another_format_is_refused(releases: Path, release: Release) -> None:
    path = release.folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))

    with pytest.raises(ReleaseError, match="is of format 2, this program reads format 1"):
        Release.open(releases)


def test_link_to_a_release_that_is_gone_is_refused(releases: Path, release: Release) -> None:
    shutil.rmtree(release.folder)

    with pytest.raises(ReleaseError, match=f"points to a release that is gone; .*{WAY_OUT}"):
        Release.open(releases)


def test_folder_copied_without_its_links_opens(releases: Path, release: Release, tmp_path: Path) -> None:
    shutil.copytree(releases, tmp_path / "copy", symlinks=False)

    assert Release.open(tmp_path / "copy").manifest == release.manifest


def test_release_has_the_day_of_its_version_in_changelog_and_citation(release: Release) -> None:
    root = Path(__file__).resolve().parents[2]
    first = next(
        line
        for line in (root / "CHANGELOG.md").read_text().splitlines()
        if line.startswith("## ") and line != "## Unreleased"
    )

    assert release.manifest.released == __released__
    assert first == f"## {__version__} – {__released__}"
    assert f"\nversion: {__version__}\ndate-released: {__released__}\n" in (root / "CITATION.cff").read_text()


def test_manifest_from_before_versions_had_a_day_is_read(releases: Path, release: Release) -> None:
    path = release.folder / "manifest.json"
    fields = json.loads(path.read_text())
    del fields["released"]
    path.write_text(json.dumps(fields))

    assert Release.open(releases).manifest.released == ""
