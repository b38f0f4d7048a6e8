"""Every name of the index, spelt as other programs spell it, is the same name at each door."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.spelling import SPELLINGS

from interkommunal.release.release import Release

Batch = Callable[[dict[str, Any]], dict[str, Any]]
BATCH = 200


@pytest.fixture(scope="module")
def every_name(release: Release) -> list[str]:
    with sqlite3.connect(release.path("search.sqlite")) as database:
        return [text for (text,) in database.execute("SELECT DISTINCT text FROM name ORDER BY text")]


@pytest.fixture(scope="module")
def plain(batch: Batch, every_name: list[str]) -> dict[str, Any]:
    return candidates(batch, every_name)


def candidates(batch: Batch, texts: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for start in range(0, len(texts), BATCH):
        found |= batch({text: {"query": text} for text in texts[start : start + BATCH]})
    return found


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_batch_has_the_candidates_of_the_plain_spelling(
    batch: Batch, every_name: list[str], plain: dict[str, Any], spelling: str
) -> None:
    spelt = {SPELLINGS[spelling](text): text for text in every_name}
    found = candidates(batch, list(spelt))

    assert {spelt[key]: answer for key, answer in found.items()} == plain
    assert all(answer["result"] for answer in plain.values())


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_get_suggestions_cards_columns_and_the_page_do_too(client: httpx.Client, spelling: str) -> None:
    spell = SPELLINGS[spelling]

    def answers(spelt: Callable[[str], str]) -> list[Any]:
        query = {
            "query": spelt("Mülheim"),
            "type": spelt("City"),
            "properties": [{"pid": spelt("municipalityKey"), "v": spelt("05117000")}],
        }
        columns = {"properties": [{"pid": "rdfs:label", "v": spelt("Förderprogramm KommIn NRW")}]}
        asked = json.dumps({"name": query, "columns": columns, "key": {"query": spelt("Q2899")}})
        page = {"name": spelt("Mülheim"), "type": "City"}
        return [
            client.get("/reconcile", params={"queries": asked}).json(),
            client.get("/reconcile/suggest/entity", params={"prefix": spelt("Mülh")}).json(),
            client.get("/reconcile/suggest/type", params={"prefix": spelt("Öffent")}).json(),
            client.get("/reconcile/suggest/property", params={"prefix": spelt("Gemeindeschlüssel")}).json(),
            client.get("/reconcile/flyout/entity", params={"id": spelt("city/muelheim")}).json()["html"],
            client.get("/reconcile/flyout/type", params={"id": spelt("City")}).json()["html"],
            client.get("/reconcile/extend/propose", params={"type": spelt("City")}).json()["properties"],
            client.get("/reconcile", params=page, headers={"accept": "text/html,application/xhtml+xml"})
            .text.partition("<tbody>")[2]
            .partition("</tbody>")[0],
        ]

    plain, spelt = answers(str), answers(spell)
    assert spelt == plain
    for answer in plain[0].values():
        assert answer["result"][0]["match"] is True
    assert all(answer and answer != {"result": []} for answer in plain)
