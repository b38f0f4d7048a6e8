"""Dumps and kept releases over HTTP: whole or in ranges, with the digest of what is sent."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode

import pytest
from tests.harvest.conftest import ADDRESS, FRENCH
from tests.serving import Serving

from interkommunal.release.release import Release

Kept = tuple[Release, Release]


def test_dump_is_the_file_of_the_release_in_force(harvested: Serving, kept: Kept) -> None:
    reply = harvested.ask("/dumps/graph.nq")
    digest = hashlib.sha256(reply.body)

    assert reply.body == kept[1].quads.read_bytes()
    assert reply.headers["content-type"] == "application/n-quads"
    assert reply.headers["etag"] == f'"{digest.hexdigest()}"'
    # RFC 9530, section 2.
    assert reply.headers["content-digest"] == f"sha-256=:{b64encode(digest.digest()).decode()}:"
    assert reply.headers["repr-digest"] == reply.headers["content-digest"]
    assert reply.headers["access-control-allow-origin"] == "*"


def test_compressed_dump_is_a_file_not_a_coding(harvested: Serving, kept: Kept) -> None:
    reply = harvested.ask("/dumps/graph.nq.gz", headers={"Accept-Encoding": "gzip"})

    assert reply.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in reply.headers
    assert gzip.decompress(reply.body) == kept[1].quads.read_bytes()


@pytest.mark.parametrize(
    ("accepted", "coding", "suffix"), [("gzip, deflate", "gzip", "gz"), ("zstd, gzip", "zstd", "zst")]
)
def test_dump_goes_out_as_it_lies_there_compressed_to_whom_that_suits(
    accepted: str, coding: str, suffix: str, harvested: Serving, kept: Kept
) -> None:
    packed = kept[1].path(f"graph.nq.{suffix}").read_bytes()
    digest = hashlib.sha256(packed)

    reply = harvested.ask("/dumps/graph.nq", headers={"Accept-Encoding": accepted})
    part = harvested.ask(
        "/dumps/graph.nq",
        headers={"Accept-Encoding": accepted, "Range": "bytes=5-9", "If-Range": reply.headers["etag"]},
    )

    assert (reply.body, reply.headers["content-encoding"]) == (packed, coding)
    assert reply.headers["content-type"] == "application/n-quads"
    assert reply.headers["vary"] == "Accept-Encoding"
    assert reply.headers["etag"] == f'"{digest.hexdigest()}"'
    assert reply.headers["content-digest"] == f"sha-256=:{b64encode(digest.digest()).decode()}:"
    assert (part.status, part.body, part.headers["content-encoding"]) == (206, packed[5:10], coding)


def test_range_of_another_coding_is_not_mixed_in(harvested: Serving, kept: Kept) -> None:
    plain = harvested.ask("/dumps/graph.nq").headers["etag"]
    reply = harvested.ask(
        "/dumps/graph.nq", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9", "If-Range": plain}
    )

    assert (reply.status, reply.body) == (200, kept[1].path("graph.nq.gz").read_bytes())


@pytest.mark.parametrize("name", ["search.sqlite", "void.json", "sources/grundlagen.txt", "manifest.json"])
def test_what_only_the_server_reads_is_not_given_out(name: str, harvested: Serving) -> None:
    assert harvested.ask(f"/dumps/{name}").status == 404


def test_table_is_served_with_its_description_beside_it(harvested: Serving) -> None:
    assert harvested.ask("/dumps/tables/goal.csv").headers["content-type"] == "text/csv;charset=utf-8;header=present"
    assert harvested.ask("/dumps/tables/csv-metadata.json").headers["content-type"] == "application/csvm+json"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=10-", 10, -1), ("bytes=-7", -7, -1), ("bytes=5-999999", 5, -1)],
)
def test_range_is_sent_as_206(wanted: str, first: int, last: int, harvested: Serving, kept: Kept) -> None:
    data = kept[1].quads.read_bytes()
    start, end = range(len(data))[first], range(len(data))[last]

    reply = harvested.ask("/dumps/graph.nq", headers={"Range": wanted})

    assert (reply.status, reply.body) == (206, data[start : end + 1])
    assert reply.headers["content-range"] == f"bytes {start}-{end}/{len(data)}"
    assert reply.headers["content-length"] == str(end + 1 - start)
    # The digest of the whole; what is sent is a part.
    assert "content-digest" not in reply.headers
    assert reply.headers["repr-digest"] == f"sha-256=:{b64encode(hashlib.sha256(data).digest()).decode()}:"


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "bytes=-", "bytes=9-2", "lines=1-2", "bytes=a-b"])
def test_range_that_is_not_understood_is_passed_over(wanted: str, harvested: Serving, kept: Kept) -> None:
    reply = harvested.ask("/dumps/graph.nq", headers={"Range": wanted})

    assert (reply.status, reply.body) == (200, kept[1].quads.read_bytes())


@pytest.mark.parametrize("wanted", ["bytes=999999-", "bytes=-0"])
def test_range_outside_the_file_is_416_with_its_size(wanted: str, harvested: Serving, kept: Kept) -> None:
    reply = harvested.ask("/dumps/graph.nq", headers={"Range": wanted})

    size = kept[1].manifest.files["graph.nq"].bytes
    assert (reply.status, reply.headers["content-type"]) == (416, "application/problem+json")
    assert reply.headers["content-range"] == f"bytes */{size}"


def test_download_is_taken_up_again_only_if_the_file_is_the_same(harvested: Serving) -> None:
    tag = harvested.ask("/dumps/graph.nq", method="HEAD").headers["etag"]

    same = harvested.ask("/dumps/graph.nq", headers={"Range": "bytes=5-", "If-Range": tag})
    other = harvested.ask("/dumps/graph.nq", headers={"Range": "bytes=5-", "If-Range": '"other"'})

    assert (same.status, other.status) == (206, 200)


def test_dump_that_the_client_has_is_not_sent_again(harvested: Serving) -> None:
    tag = harvested.ask("/dumps/graph.ttl", method="HEAD").headers["etag"]
    reply = harvested.ask("/dumps/graph.ttl", headers={"If-None-Match": tag})

    assert (reply.status, reply.body) == (304, b"")


def test_head_of_a_dump_has_size_and_no_body(harvested: Serving, kept: Kept) -> None:
    reply = harvested.ask("/dumps/graph.nq", method="HEAD")

    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["content-length"] == str(kept[1].manifest.files["graph.nq"].bytes)


@pytest.mark.parametrize(
    "name", ["nothing.nq", "manifest.json", "search.sqlite", "sources/grundlagen.txt", "..%2f..%2f.lock", "../current"]
)
def test_only_dumps_and_tables_are_given_out(name: str, harvested: Serving) -> None:
    reply = harvested.ask(f"/dumps/{name}")

    assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")


def test_the_list_of_dumps_is_found_with_a_slash_too(harvested: Serving) -> None:
    reply = harvested.ask("/dumps/")

    assert (reply.status, reply.headers["location"]) == (308, f"{ADDRESS}/dumps")


def test_dumps_are_listed_with_hash_and_address(harvested: Serving, kept: Kept) -> None:
    listed = json.loads(harvested.ask("/dumps").body)

    assert listed["release"] == kept[1].identifier
    files = {file["name"]: file for file in listed["files"]}
    assert files["graph.nq"] == {
        "name": "graph.nq",
        "url": f"{ADDRESS}/dumps/graph.nq",
        "holds": "graph",
        "media_type": "application/n-quads",
        "bytes": kept[1].manifest.files["graph.nq"].bytes,
        "sha256": kept[1].content_hash,
    }
    assert "search.sqlite" not in files


def test_kept_releases_are_listed_with_what_comes_before_and_after(harvested: Serving, kept: Kept) -> None:
    old, new = kept
    listed = json.loads(harvested.ask("/release").body)
    first, second = listed["releases"]

    assert listed["current"] == new.identifier
    assert (first["identifier"], first["previous"]) == (old.identifier, None)
    assert first["next"] == f"{ADDRESS}/release/{new.identifier}"
    assert second["changes"] == f"{ADDRESS}/release/{new.identifier}/since/{old.identifier}"
    assert (second["content_hash"], second["statements"]) == (new.content_hash, 12)


def test_dump_of_an_older_release_stays_and_never_changes(harvested: Serving, kept: Kept) -> None:
    reply = harvested.ask(f"/release/{kept[0].identifier}/dumps/graph.nq")

    assert reply.body == kept[0].quads.read_bytes()
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_release_is_described_by_its_identifier_or_the_start_of_its_hash(harvested: Serving, kept: Kept) -> None:
    by_identifier = harvested.ask(f"/release/{kept[0].identifier}").json
    by_hash = harvested.ask(f"/release/{kept[0].content_hash[:10]}").json

    assert by_identifier == by_hash
    assert by_identifier["identifier"] == kept[0].identifier


def test_release_that_is_not_kept_is_404_with_those_that_are(harvested: Serving, kept: Kept) -> None:
    reply = harvested.ask("/release/9.9.9/dumps/graph.nq", headers={"Accept-Language": "en"})

    assert reply.status == 404
    assert reply.json["kept"] == [release.identifier for release in kept]
    assert str(reply.json["detail"]).startswith("The release 9.9.9 is not kept here (any more).")


def test_difference_between_two_releases_is_a_patch(harvested: Serving, kept: Kept) -> None:
    old, new = kept
    reply = harvested.ask(f"/release/{new.identifier}/since/{old.identifier}")

    assert (reply.status, reply.headers["content-type"]) == (200, "application/rdf-patch")
    assert reply.text.splitlines()[2:] == ["TX .", f"A {FRENCH} .", "TC ."]


def test_difference_that_the_client_has_is_not_made_again(harvested: Serving, kept: Kept) -> None:
    target = f"/release/{kept[1].identifier}/since/{kept[0].identifier}"
    tag = harvested.ask(target).headers["etag"]
    again = harvested.ask(target, headers={"If-None-Match": tag})

    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
