"""The same pages over another SPARQL endpoint: what does not need a release is there, and nothing leads astray."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from tests.engine.servers import oxigraph
from tests.serving import Serving, serving

from interkommunal.release.release import Release

PAGE = {"accept": "text/html", "accept-language": "de"}


@pytest.fixture(scope="module")
def remote(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with pages over the shipped graph in an Oxigraph server."""
    folder: Path = tmp_path_factory.mktemp("remote")
    with (
        oxigraph(release.quads, folder / "store") as endpoint,
        serving(folder, folder, engine="remote", remote_endpoint=endpoint) as running,
    ):
        yield running


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Wie Städte zusammenarbeiten"),
        ("/doc/city/essen", "Essen"),
        ("/lists", "Listen"),
        ("/overviews/agreements", "Wer woran beteiligt ist"),
        ("/ontology", "Ontologie der interkommunalen Zusammenarbeit"),
        ("/sparql", "SPARQL-Abfrage"),
    ],
)
def test_pages_are_there_over_another_endpoint(remote: Serving, path: str, heading: str) -> None:
    reply = remote.ask(path, headers=PAGE)

    assert reply.status == 200
    assert html.document_fromstring(reply.text).findtext(".//h1") == heading


def test_menu_leads_only_to_what_is_there(remote: Serving) -> None:
    menu = html.document_fromstring(remote.ask("/", headers=PAGE).text).xpath("//nav[@class='main-menu']//a/@href")

    assert "/queries" not in menu
    assert {path: remote.ask(path, headers=PAGE).status for path in menu} == dict.fromkeys(menu, 200)


def test_start_page_leads_only_to_what_is_there(remote: Serving) -> None:
    links = set(html.document_fromstring(remote.ask("/", headers=PAGE).text).xpath("//main//a/@href"))

    assert not {"/catalog", "/dumps", "/feed", "/queries", "/reconcile"} & links


def test_description_holds_what_the_endpoint_says(remote: Serving) -> None:
    reply = remote.ask("/doc/city/essen.nt")

    assert reply.status == 200
    assert '<https://w3id.org/interkommunal/id/city/essen> <http://www.w3.org/2000/01/rdf-schema#label> "Essen"' in (
        reply.text
    )
