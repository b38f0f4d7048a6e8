"""Endpoints for SERVICE: checked in the background, seldom, and through the same gate as queries."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine.conftest import OpenEngine, ask
from tests.engine.conftest import open_pooled as open_pooled
from tests.engine.servers import oxigraph
from tests.linking import wikidata
from tests.patience import patient
from tests.serving import Serving

from interkommunal.content import Content
from interkommunal.engine.engine import EngineOptions
from interkommunal.engine.federation import Probed, probe
from interkommunal.release.library import read_library
from interkommunal.release.release import Release
from interkommunal.site.links import LASTS, Checker
from interkommunal.sparql.query import CSV
from interkommunal.texts import Text

PAGE = {"Accept": "text/html", "Accept-Language": "de"}
SERVICE = "https://query.wikidata.org/sparql"


@pytest.fixture
def quads(release: Release) -> Path:
    """What engines are opened over."""
    return release.quads


def anywhere(address: str) -> bool:
    """Stands in for the test of addresses, so that an endpoint on this machine can be asked."""
    return True


@pytest.fixture(scope="module")
def slice_iri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real endpoint over a slice of Wikidata."""
    folder = tmp_path_factory.mktemp("slice")
    wikidata.write(folder / "slice.nt")
    with oxigraph(folder / "slice.nt", folder / "store") as iri:
        yield iri


class Prober:
    """Counts how often it is asked."""

    def __init__(self, reached: bool = True) -> None:
        self.reached = reached
        self.asked: list[str] = []
        self.open = threading.Event()
        self.open.set()

    async def __call__(self, service: str, seconds: float) -> Probed:
        await asyncio.to_thread(self.open.wait, 10)
        self.asked.append(service)
        return Probed(self.reached, 0.012, Text("") if self.reached else Text("the call was broken off"))


async def test_many_visits_are_one_check() -> None:
    prober, now = Prober(), [0.0]
    checker = Checker(("https://a.example/", "https://b.example/"), prober, lambda: now[0])
    prober.open.clear()

    first = [checker.look() for _ in range(50)]
    assert {status.probed for found in first for status in found} == {None}
    assert checker.is_running
    prober.open.set()
    await checker.done()
    for _ in range(50):
        checker.look()
    await checker.done()
    assert sorted(prober.asked) == ["https://a.example/", "https://b.example/"]
    assert [status.probed for status in checker.found] == [Probed(True, 0.012), Probed(True, 0.012)]

    now[0] = LASTS + 1
    checker.look()
    await checker.done()
    assert len(prober.asked) == 4


async def test_no_endpoint_is_no_check() -> None:
    checker = Checker((), Prober())

    assert checker.look() == ()
    assert not checker.is_running


async def test_a_probe_keeps_to_public_addresses(slice_iri: str) -> None:
    refused = await probe(slice_iri, 5)
    reached = await probe(slice_iri, 5, anywhere)

    assert (refused.reached, refused.message.in_("en")) == (
        False,
        f"SERVICE <{slice_iri}> resolves to an address that is not public",
    )
    assert (reached.reached, reached.message.in_("en")) == (True, "")
    assert (
        (await probe("http://127.0.0.1:9/", 5, anywhere)).message.in_("en").startswith("the endpoint cannot be asked")
    )


def test_page_says_that_nothing_can_be_reached_and_offers_questions(linked: Serving) -> None:
    end = time.monotonic() + patient(20)
    while "nicht erreichbar" not in (text := linked.ask("/federation", headers=PAGE).text):
        assert time.monotonic() < end
        time.sleep(0.1)

    assert "Keiner dieser Endpunkte ist von hier aus zu erreichen." in text
    assert "https://wikidata.invalid/sparql" in text
    assert "Der Name wikidata.invalid lässt sich nicht auflösen." in text
    english = linked.ask("/federation", headers={**PAGE, "Accept-Language": "en"}).text
    assert "the name wikidata.invalid does not resolve" in english
    assert text.count("/ruhr/sparql?query=") == 3


FEDERATED = {
    "population-of-member-cities": [
        "https://w3id.org/interkommunal/id/agreement/staedtekooperationsvertrag,"
        "https://w3id.org/interkommunal/id/city/essen,http://www.wikidata.org/entity/Q2066,591032",
        "https://w3id.org/interkommunal/id/agreement/staedteregion-ruhr,"
        "https://w3id.org/interkommunal/id/city/essen,http://www.wikidata.org/entity/Q2066,591032",
    ],
    "keys-that-differ-from-wikidata": [],
    "classes-of-cities-at-wikidata": [
        f"https://w3id.org/interkommunal/id/city/{slug},http://www.wikidata.org/entity/{city[0]},"
        f"http://www.wikidata.org/entity/{class_}"
        for slug, city in sorted(wikidata.CITIES.items())
        for class_ in sorted(wikidata.CITY)
    ],
}


def test_every_federated_question_has_its_rows_here(content: Content) -> None:
    assert {query.name for query in read_library(content.queries / "federated")} == set(FEDERATED)


@pytest.mark.parametrize("name", sorted(FEDERATED))
async def test_our_graph_and_wikidata_answer_together(
    name: str, content: Content, open_pooled: OpenEngine, slice_iri: str
) -> None:
    """The question as shipped, with the endpoint of Wikidata replaced by one that is here."""
    query = next(item for item in read_library(content.queries / "federated") if item.name == name)
    engine = await open_pooled(EngineOptions(services=(slice_iri,)), allows=anywhere)
    answer = await ask(engine, query.text.replace(SERVICE, slice_iri), CSV)

    assert answer.splitlines()[1:] == FEDERATED[name]


async def test_a_key_that_differs_is_found(content: Content, open_pooled: OpenEngine, tmp_path: Path) -> None:
    changed = [
        replace(item, claims={**item.claims, "P440": ("05000",)}) if item.name == "Q2904" else item
        for item in wikidata.entries()
    ]
    wikidata.write(tmp_path / "slice.nt", changed)
    query = next(q for q in read_library(content.queries / "federated") if q.name == "keys-that-differ-from-wikidata")
    with oxigraph(tmp_path / "slice.nt", tmp_path / "store") as iri:
        engine = await open_pooled(EngineOptions(services=(iri,)), allows=anywhere)
        answer = await ask(engine, query.text.replace(SERVICE, iri), CSV)

    assert answer.splitlines()[1:] == [
        "https://w3id.org/interkommunal/id/city/herne,http://www.wikidata.org/entity/Q2904,05916,05000"
    ]
