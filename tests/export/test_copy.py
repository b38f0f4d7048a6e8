"""The copy as visitors, archives and programs find it on a plain web server."""

from __future__ import annotations

import hashlib
import json
import posixpath
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpx
import pyoxigraph
import pytest
from lxml import html
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat
from tests.export.conftest import Copied, run
from tests.graph.small import make_content
from tests.harvest.conftest import CITY
from tests.release.frozen import LABEL, QUADS, assembly_of
from tests.serving import CHECKOUT

from interkommunal.namespaces import GRAPH
from interkommunal.release.freeze import freeze
from interkommunal.release.history import History
from interkommunal.release.release import Release

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


def pages(copied: Copied) -> Iterator[tuple[Path, html.HtmlElement]]:
    for path in sorted(copied.folder.rglob("*.html")):
        yield path, html.document_fromstring(path.read_bytes().decode())


def links(document: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Kind and target of every link of a page."""
    for element in document.iter():
        for name in ("href", "src", "action"):
            if isinstance(element.tag, str) and element.get(name) is not None:
                yield element.tag, element.get(name)


def test_every_internal_link_leads_somewhere_on_a_plain_web_server(copied: Copied) -> None:
    todo, seen, dead = [f"{copied.url}/"], set(), []
    with httpx.Client(follow_redirects=True) as client:
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            answer = client.get(address)
            if answer.status_code != 200:
                dead.append(address)
                continue
            if answer.headers["content-type"].startswith("text/html"):
                for _, target in links(html.document_fromstring(answer.content.decode())):
                    following = urldefrag(urljoin(str(answer.url), target)).url
                    if following.startswith(copied.url.rpartition("/")[0]):
                        todo.append(following)

    assert dead == []
    # Start page, things, lists, overviews, questions, formats, in two languages.
    assert len(seen) > 100


def test_every_link_within_the_site_is_relative_or_of_the_public_url(copied: Copied) -> None:
    wrong = [
        (path.name, target)
        for path, document in pages(copied)
        for _, target in links(document)
        if target.startswith("/") or (target.startswith("http://127.0.0.1") and not target.startswith(copied.url))
    ]

    assert wrong == []


def test_copy_can_be_read_from_a_disk(copied: Copied) -> None:
    dead = []
    for path, document in pages(copied):
        for tag, target in links(document):
            parts = urlsplit(target)
            if parts.scheme or not parts.path or tag == "form":
                continue
            if not (path.parent / posixpath.normpath(unquote(parts.path))).is_file():
                dead.append((str(path), target))

    assert dead == []


def test_fragments_are_there(copied: Copied) -> None:
    ids: dict[Path, set[str]] = {}
    for path, document in pages(copied):
        ids[path.resolve()] = {element.get("id") for element in document.iterfind(".//*[@id]")}
    dead = []
    for path, document in pages(copied):
        for element in document.iterfind(".//a[@href]"):
            parts = urlsplit(element.get("href"))
            there = ids.get((path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve(), set())
            if not parts.scheme and parts.fragment and parts.fragment not in there:
                dead.append((path.name, element.get("href")))

    assert dead == []


def test_each_page_is_there_in_both_languages_and_leads_on_in_its_own(copied: Copied) -> None:
    german = copied.folder / "doc" / "city" / "essen" / "index.html"
    english = german.with_name("index.en.html")

    for path, language in ((german, "de"), (english, "en")):
        document = html.document_fromstring(path.read_bytes().decode())
        targets = [target for tag, target in links(document) if tag == "a"]
        assert document.get("lang") == language
        assert ("../../../lists/index.html" in targets) == (language == "de")
        assert ("../../../lists/index.en.html" in targets) == (language == "en")
    assert 'href="index.en.html"' in german.read_text()
    assert 'href="index.html"' in english.read_text()


def test_rdf_of_things_parses_and_is_part_of_the_release(copied: Copied) -> None:
    quads = {quad.triple for quad in pyoxigraph.parse(path=copied.release.quads, format=RdfFormat.N_QUADS)}
    found = 0
    for path in sorted((copied.folder / "doc").rglob("*")):
        syntax = FORMATS.get(path.suffix[1:])
        if syntax is None or not path.is_file():
            continue
        triples = {quad.triple for quad in pyoxigraph.parse(path.read_bytes(), format=syntax)}
        assert triples, path
        assert triples <= quads, path
        found += 1

    # Four things in five formats.
    assert found == 4 * 5


def test_dumps_are_those_of_the_release(copied: Copied) -> None:
    for name, file in copied.release.manifest.files.items():
        path = copied.folder / "dumps" / name
        if path.exists():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256, name
    for name in ("graph.nq", "graph.nq.gz", "facts.ttl", "tables/city.csv", "tables/csv-metadata.json"):
        assert (copied.folder / "dumps" / name).is_file(), name


@pytest.mark.parametrize("suffix", ["ttl", "rdf", "jsonld", "nt"])
def test_catalogue_names_files_that_are_there_and_no_endpoint(suffix: str, copied: Copied) -> None:
    body = (copied.folder / f"catalog.{suffix}").read_bytes()
    triples = [quad.triple for quad in pyoxigraph.parse(body, format=FORMATS[suffix])]
    downloads = [t.object.value for t in triples if t.predicate.value == "http://www.w3.org/ns/dcat#downloadURL"]

    assert len(downloads) > 20
    for address in downloads:
        assert (copied.folder / address.removeprefix(f"{copied.url}/")).is_file(), address
    assert f"{copied.url}/sparql".encode() not in body
    assert b"DataService" not in body


def test_void_names_no_endpoint(copied: Copied) -> None:
    assert b"sparqlEndpoint" not in (copied.folder / "void.ttl").read_bytes()


def test_site_map_and_robots_lead_to_pages_of_the_copy(copied: Copied) -> None:
    site_map = (copied.folder / "sitemap.xml").read_text()
    places = [part.partition("</loc>")[0] for part in site_map.split("<loc>")[1:]]

    assert f"{copied.url}/doc/city/essen/" in places
    for place in places:
        assert (copied.folder / place.removeprefix(f"{copied.url}/") / "index.html").is_file(), place
    assert f"Sitemap: {copied.url}/sitemap.xml" in (copied.folder / "robots.txt").read_text()


def test_what_needs_the_server_says_so(copied: Copied) -> None:
    text = (copied.folder / "index.html").read_text()
    note = (copied.folder / "needs-server" / "index.html").read_text()
    english = (copied.folder / "needs-server" / "index.en.html").read_text()

    assert 'href="index.en.html"' in note
    assert f'<link rel="canonical" href="{copied.url}/needs-server/">' in note
    assert "<form" not in text
    assert "Suche und Filter brauchen den Server" in text
    assert f"Stand der Veröffentlichung {copied.release.identifier}" in note
    assert "for these you need the server" in english
    assert 'href="../dumps/graph.nq"' in note
    for name in ("sparql", "search", "metrics", "health", "openapi.json", "release/index.html"):
        assert not (copied.folder / name).exists()
    # Of earlier releases there is what they said of things that have changed since, and nothing else.
    assert {path.name for path in (copied.folder / "release").glob("*/*")} == {"doc"}


def test_checksums_hold_as_sha256sum_checks_them(copied: Copied) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"],
        cwd=copied.folder,
        capture_output=True,
        check=False,
    )
    listed = {line.split("  ", 1)[1] for line in (copied.folder / "SHA256SUMS").read_text().splitlines()}
    there = {path.relative_to(copied.folder).as_posix() for path in copied.folder.rglob("*") if path.is_file()}

    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
    assert there - listed == {"SHA256SUMS"}
    assert json.loads((copied.folder / "MANIFEST.json").read_text()) | {"files": 0, "bytes": 0} == {
        "form": "interkommunal export 1",
        "release": copied.release.identifier,
        "content_hash": copied.release.content_hash,
        "url": copied.url,
        "language": "de",
        "files": 0,
        "bytes": 0,
    }


def test_same_release_gives_the_same_files(
    copied: Copied, small: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERKOMMUNAL_RELEASES", str(small.folder.parent))
    monkeypatch.setenv("INTERKOMMUNAL_CONTENT", str(CHECKOUT))
    assert run(str(tmp_path / "again"), "--url", copied.url, monkeypatch=monkeypatch) == 0

    assert (tmp_path / "again" / "SHA256SUMS").read_text() == (copied.folder / "SHA256SUMS").read_text()


def test_what_is_no_longer_there_is_in_the_copy_as_it_last_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = make_content(tmp_path / "content")
    renamed = Quad(CITY.subject, LABEL, Literal("Essen (Ruhr)", language="de"), NamedNode(f"{GRAPH}old"))
    described = Quad(NamedNode(f"{GRAPH}old"), LABEL, Literal("an old graph", language="en"), NamedNode(f"{GRAPH}old"))
    for quads in ((*QUADS, CITY, renamed, described), (*QUADS, CITY)):
        freeze(assembly_of(*quads), content, tmp_path / "releases")
    history = History.open(tmp_path / "releases")
    assert history is not None
    first = history.publications[0].release
    monkeypatch.setenv("INTERKOMMUNAL_RELEASES", str(tmp_path / "releases"))
    monkeypatch.setenv("INTERKOMMUNAL_CONTENT", str(CHECKOUT))

    assert run(str(tmp_path / "site"), "--url", "https://daten.example.org", monkeypatch=monkeypatch) == 0
    told = capsys.readouterr()
    changes = (tmp_path / "site" / "feed" / history.stream / "publications" / "2" / "index.en.html").read_text()
    version = tmp_path / "site" / "release" / first / "doc" / "graph" / "old" / "index.en.html"

    # Some of the things that these few statements name have none themselves.
    assert ": the link to /doc/passage/grundlagen/L009.10 leads nowhere (404)" in told.err
    assert "graph/old" not in told.err
    assert f'href="../../../../release/{first}/doc/graph/old/index.en.html"' in changes
    assert "Today it is no longer there." in version.read_text()
    assert "an old graph" in version.read_text()
    assert not (tmp_path / "site" / "doc" / "graph" / "old").exists()
    # What is still there leads to what was said of it then, in every format.
    essen = (tmp_path / "site" / "doc" / "city" / "essen" / "index.en.html").read_text()
    assert f'href="../../../release/{first}/doc/city/essen/index.en.html"' in essen
    then = tmp_path / "site" / "release" / first / "doc" / "city" / "essen"
    assert "Essen (Ruhr)" in (then / "index.html").read_text()
    assert 'href="../../../../../doc/city/essen/index.html"' in (then / "index.html").read_text()
    assert "Essen (Ruhr)" in then.with_suffix(".ttl").read_text()


@pytest.mark.parametrize("suffix", ["trig", "nq", "jsonld"])
def test_feed_can_be_followed_from_file_to_file(suffix: str, copied: Copied) -> None:
    todo, seen, members = [f"{copied.url}/feed.{suffix}"], set(), set()
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        body = (copied.folder / address.removeprefix(f"{copied.url}/")).read_bytes()
        for quad in pyoxigraph.parse(body, format=FORMATS[suffix]):
            if quad.predicate.value == "https://w3id.org/tree#node":
                assert isinstance(quad.object, pyoxigraph.NamedNode)
                todo.append(quad.object.value)
            elif quad.predicate.value == "https://w3id.org/tree#member":
                members.add(quad.object)

    assert len(seen) > 1
    assert len(members) > 0


def test_turtle_of_a_feed_leads_to_files_that_are_there(copied: Copied) -> None:
    body = (copied.folder / "feed.ttl").read_bytes()
    named = {
        quad.object.value
        for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.TURTLE)
        if quad.predicate.value == "https://w3id.org/tree#node" and isinstance(quad.object, pyoxigraph.NamedNode)
    }

    assert named
    assert [iri for iri in named if not (copied.folder / iri.removeprefix(f"{copied.url}/")).is_file()] == []
