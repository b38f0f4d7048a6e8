"""Kept releases and old versions of things over HTTP; what is no longer kept says so."""

from __future__ import annotations

import json
import shutil

import pyoxigraph
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from tests.harvest.feed.conftest import FIRST, NEW, SECOND, Publishing
from tests.release.frozen import ESSEN, GOAL_10

ADDRESS = "https://daten.example.org/ruhr"
DATASET = URIRef("https://w3id.org/interkommunal/dataset/graph")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
PEOPLE = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def names(fed: Publishing) -> tuple[str, str]:
    """The identifiers of the older and the newer release."""
    first, second = fed.history.publications
    return first.release, second.release


def test_releases_are_versions_of_the_dataset(fed: Publishing, names: tuple[str, str]) -> None:
    old, new = (URIRef(f"{ADDRESS}/release/{name}") for name in names)
    found = Graph().parse(data=fed.server.ask("/release.ttl").body, format="turtle")

    assert set(found.objects(DATASET, DCAT.hasVersion)) == {old, new}
    assert found.value(new, DCAT.isVersionOf) == DATASET
    assert found.value(new, DCAT.previousVersion) == old
    assert found.value(new, DCAT.version) == Literal(names[1])
    checksums = {str(value).lower() for value in found.objects(None, SPDX.checksumValue)}
    assert checksums == {release.content_hash for release in fed.kept}


def test_release_leads_to_the_one_before_and_after(fed: Publishing, names: tuple[str, str]) -> None:
    old, new = names
    first, second = (fed.server.ask(f"/release/{name}").headers["link"] for name in names)

    assert f'<{ADDRESS}/release/{new}>; rel="successor-version"' in first
    assert f'<{ADDRESS}/release/{old}>; rel="predecessor-version"' in second
    assert f'<{ADDRESS}/release/{new}>; rel="latest-version"' in first


def test_release_says_when_it_came_into_force(fed: Publishing, names: tuple[str, str]) -> None:
    listed = json.loads(fed.server.ask("/release").body)["releases"]

    assert [item["published"] for item in listed] == [item.time for item in fed.history.publications]


def test_patch_over_http_makes_the_older_release_exactly_the_newer(fed: Publishing, names: tuple[str, str]) -> None:
    old, new = names
    for older, newer in ((old, new), (new, old)):
        patch = fed.server.ask(f"/release/{newer}/since/{older}").body
        before, after = (fed.server.ask(f"/release/{name}/dumps/graph.nq").body for name in (older, newer))

        lines = set(before.splitlines(keepends=True))
        for line in patch.splitlines(keepends=True):
            if line.startswith(b"D "):
                lines.remove(line[2:])
            elif line.startswith(b"A "):
                assert line[2:] not in lines
                lines.add(line[2:])
        assert b"".join(sorted(lines)) == after


@pytest.mark.parametrize(
    ("suffix", "accept", "media_type"),
    [
        ("", "*/*", "application/rdf-patch"),
        ("", "text/plain", "text/plain; charset=utf-8"),
        ("", "text/html", "text/html; charset=utf-8"),
        (".rdfp", "text/html", "application/rdf-patch"),
        (".txt", "*/*", "text/plain; charset=utf-8"),
        (".html", "*/*", "text/html; charset=utf-8"),
    ],
)
def test_difference_comes_as_patch_text_and_page(
    suffix: str, accept: str, media_type: str, fed: Publishing, names: tuple[str, str]
) -> None:
    reply = fed.server.ask(f"/release/{names[1]}/since/{names[0]}{suffix}", headers={"Accept": accept})

    assert (reply.status, reply.headers["content-type"]) == (200, media_type)
    assert "Essen (Ruhr)" in reply.text


def test_form_for_two_releases_leads_to_their_difference(fed: Publishing, names: tuple[str, str]) -> None:
    reply = fed.server.ask(f"/release?old={names[0]}&new={names[1]}")

    assert (reply.status, reply.headers["location"]) == (303, f"/ruhr/release/{names[1]}/since/{names[0]}")


def test_old_version_of_a_thing_is_what_the_release_said(fed: Publishing, names: tuple[str, str]) -> None:
    for name, release in zip(names, fed.kept, strict=True):
        expected = [
            line for line in release.quads.read_bytes().splitlines(True) if line.startswith(f"{ESSEN} ".encode())
        ]

        reply = fed.server.ask(f"/release/{name}/doc/city/essen.nq")

        assert (reply.status, reply.body) == (200, b"".join(expected))
        assert reply.headers["cache-control"].endswith("immutable")


@pytest.mark.parametrize(
    ("suffix", "form"),
    [
        ("ttl", pyoxigraph.RdfFormat.TURTLE),
        ("nt", pyoxigraph.RdfFormat.N_TRIPLES),
        ("rdf", pyoxigraph.RdfFormat.RDF_XML),
        ("jsonld", pyoxigraph.RdfFormat.JSON_LD),
        ("trig", pyoxigraph.RdfFormat.TRIG),
    ],
)
def test_old_version_comes_in_every_format(
    suffix: str, form: pyoxigraph.RdfFormat, fed: Publishing, names: tuple[str, str]
) -> None:
    reply = fed.server.ask(f"/release/{names[0]}/doc/city/essen.{suffix}")

    found = {quad.triple for quad in pyoxigraph.parse(reply.body, format=form)}
    assert found == {quad.triple for quad in FIRST if quad.subject == ESSEN}


def test_old_version_says_when_it_held_and_what_came_after(fed: Publishing, names: tuple[str, str]) -> None:
    old, new = names
    first = fed.server.ask(f"/release/{old}/doc/city/essen.ttl").headers
    second = fed.server.ask(f"/release/{new}/doc/city/essen.ttl").headers

    assert first["memento-datetime"].endswith(" GMT")
    assert f'<{ADDRESS}/doc/city/essen>; rel="original latest-version"' in first["link"]
    assert f'<{ADDRESS}/release/{new}/doc/city/essen>; rel="successor-version"' in first["link"]
    assert "predecessor-version" not in first["link"]
    assert f'<{ADDRESS}/release/{old}/doc/city/essen>; rel="predecessor-version"' in second["link"]


def test_thing_that_did_not_change_is_the_same_in_both_releases(fed: Publishing, names: tuple[str, str]) -> None:
    first, second = (fed.server.ask(f"/release/{name}/doc/goal/many-7.trig") for name in names)

    assert first.body == second.body
    assert first.headers["memento-datetime"] == second.headers["memento-datetime"]


def test_terms_have_old_versions_too(fed: Publishing, names: tuple[str, str]) -> None:
    reply = fed.server.ask(f"/release/{names[0]}/doc/concept/topic-x.nt")

    assert reply.text == (
        '<https://w3id.org/interkommunal/concept/topic-x> <http://www.w3.org/2000/01/rdf-schema#label> "x"@de .\n'
    )


def test_deleted_thing_is_410_from_then_on(fed: Publishing, names: tuple[str, str]) -> None:
    path = f"doc/goal/{GOAL_10.value.rpartition('/')[2]}"

    assert fed.server.ask(f"/release/{names[0]}/{path}.ttl").status == 200
    gone = fed.server.ask(f"/release/{names[1]}/{path}.ttl", headers={"Accept-Language": "en"})
    assert gone.status == 410
    assert gone.json["deleted"] == fed.history.publications[1].time


@pytest.mark.parametrize("target", ["doc/goal/new", "doc/city/nowhere", "doc/", "doc/city/essen.csv", "ontology/City"])
def test_thing_that_a_release_did_not_have_is_404(target: str, fed: Publishing, names: tuple[str, str]) -> None:
    assert fed.server.ask(f"/release/{names[0]}/{target}").status == 404


def test_release_that_never_was_is_404_with_those_that_were(fed: Publishing, names: tuple[str, str]) -> None:
    reply = fed.server.ask("/release/9.9.9/doc/city/essen")

    assert (reply.status, reply.json["published"]) == (404, list(names))


def test_pages_for_people_are_in_the_frame_of_all_pages(fed: Publishing, names: tuple[str, str]) -> None:
    old, new = names
    stream = fed.history.stream
    expected = {
        "/release": "Compare two",
        f"/release/{old}": "Files",
        f"/release/{new}/since/{old}": "Essen (Ruhr)",
        f"/release/{old}/doc/city/essen": "See what holds today",
        "/feed": "Stay up to date",
        f"/feed/{stream}/publications/2": "Essen (Ruhr)",
        f"/feed/{stream}/pages/1": "Changes 1–250",
        f"/feed/{stream}/members/605": "Change 605",
    }
    for target, words in expected.items():
        reply = fed.server.ask(target, headers=PEOPLE)
        assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8"), target
        assert words in reply.text, target
        assert 'class="site"' in reply.text
        assert "content-security-policy" in reply.headers


def test_long_publication_is_turned_page_by_page(fed: Publishing) -> None:
    target = f"/feed/{fed.history.stream}/publications/1"
    last = fed.server.ask(f"{target}?page=13", headers=PEOPLE)

    assert last.text.count('class="change"') == 604 - 12 * 50
    assert fed.server.ask(f"{target}?page=14", headers=PEOPLE).status == 404


def test_removed_release_is_410_for_files_and_still_answers_for_things(publishing: Publishing) -> None:
    publishing.publish(*SECOND)
    old, new = publishing.kept
    assert publishing.server.ask(f"/release/{old.identifier}/dumps/graph.nq").status == 200
    shutil.rmtree(old.folder)

    for target in ("", "/dumps/graph.nq", f"/since/{new.identifier}"):
        reply = publishing.server.ask(f"/release/{old.identifier}{target}", headers={"Accept-Language": "en"})
        assert (reply.status, reply.json["kept"]) == (410, [new.identifier]), target
        assert str(reply.json["detail"]).endswith(f"Kept are: {new.identifier}.")
    thing = publishing.server.ask(f"/release/{old.identifier}/doc/city/essen.nq")
    assert thing.status == 200
    assert '"Essen"@de' in thing.text
    listed = json.loads(publishing.server.ask("/release").body)
    assert [item["identifier"] for item in listed["releases"]] == [new.identifier]
    assert old.identifier in publishing.server.ask("/release", headers=PEOPLE).text


def test_content_that_comes_back_is_published_again(publishing: Publishing) -> None:
    publishing.publish(*SECOND)
    publishing.publish(*FIRST)
    first = publishing.history.publications[0].release

    reply = publishing.server.ask(f"/release/{first}/doc/city/essen.ttl")

    assert publishing.history.publications[2].release == first
    assert '"Essen"@de' in reply.text
    assert str(NEW.subject) not in publishing.server.ask("/dumps/graph.nq").text


def test_openapi_names_feeds_and_releases(fed: Publishing) -> None:
    paths = json.loads(fed.server.ask("/openapi.json").body)["paths"]

    difference = paths["/release/{name}/since/{older}"]["get"]
    assert list(difference["responses"]["200"]["content"]) == ["application/rdf-patch", "text/plain", "text/html"]
    assert {"/feed", "/catalog/feed", "/feed/{stream}/pages/{number}", "/release"} <= set(paths)


def test_thing_that_is_no_longer_there_leads_to_where_it_last_stood(fed: Publishing, names: tuple[str, str]) -> None:
    path = f"/doc/goal/{GOAL_10.value.rpartition('/')[2]}"
    data = fed.server.ask(f"{path}.ttl", headers={"Accept-Language": "en"})
    page = fed.server.ask(path, headers=PEOPLE)
    deletion = fed.history.deletion("graph", GOAL_10.value)

    assert deletion is not None
    assert (data.status, page.status) == (410, 410)
    assert data.json == {
        "type": "https://w3id.org/interkommunal/problem/gone",
        "title": "This is no longer there",
        "status": 410,
        "detail": f"{GOAL_10.value} is not in the release in force. It last stood in release {names[0]}.",
        "deleted": fed.history.publications[1].time,
        "last_release": names[0],
        "last_version": f"{ADDRESS}/release/{names[0]}{path}",
    }
    assert data.headers["link"].startswith(f'<{ADDRESS}/release/{names[0]}{path}>; rel="predecessor-version memento"; ')
    assert f'href="/ruhr/release/{names[0]}{path}"' in page.text
    assert "This is no longer there" in page.text
    assert fed.server.ask(f"/id/goal/{GOAL_10.value.rpartition('/')[2]}").headers["location"] == f"/ruhr{path}"
    last = fed.server.ask(f"/release/{names[0]}{path}", headers=PEOPLE)
    then = fed.server.ask(f"/release/{names[0]}{path}.nq").headers["memento-datetime"]
    assert data.headers["link"].endswith(f'datetime="{then}"')
    assert "Today it is no longer there." in last.text
    assert f'href="/ruhr{path}"' not in last.text


def test_thing_that_came_back_is_there_again(publishing: Publishing) -> None:
    path = f"/doc/goal/{GOAL_10.value.rpartition('/')[2]}.nt"
    for quads, status in ((SECOND, 410), (FIRST, 200)):
        publishing.publish(*quads)
        assert publishing.server.ask(path).status == status
