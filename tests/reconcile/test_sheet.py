"""The spreadsheet: how many names are understood, and how often a match is one."""

from __future__ import annotations

import json

import httpx
import pyoxigraph
import pytest
from tests.reconcile.sheet import ROWS, STRANGERS, Row, by_rule, others, sheet

# Nothing of the graph is called like them, though they share letters with some.
NOTHING = ("München", "Hamburg", "Lorem ipsum dolor", "Stadtwerke Köln", "Zollverein", "Schalke 04", "Musik", "xyzzy")


@pytest.fixture(scope="module")
def rows(store: pyoxigraph.Store) -> list[Row]:
    return sheet(store)


def ask(client: httpx.Client, rows: list[Row]) -> list[list[dict[str, object]]]:
    queries = {str(i): {"query": row.text, **({"type": row.type} if row.type else {})} for i, row in enumerate(rows)}
    response = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert response.status_code == 200
    return [response.json()[key]["result"] for key in queries]


def test_sheet_is_the_same_each_time_and_every_rule_has_rows(store: pyoxigraph.Store, rows: list[Row]) -> None:
    assert sheet(store) == rows
    assert len(rows) == ROWS
    assert len({row.text for row in rows}) == ROWS
    assert {"Mülheim/Ruhr", "Mülheim a. d. Ruhr"} & {row.text.removeprefix("Stadt ") for row in rows}
    assert min(sum(row.rule == rule for row in rows) for rule in {row.rule for row in rows}) >= 7


def test_first_candidate_is_right_and_a_match_is_one(client: httpx.Client, rows: list[Row]) -> None:
    strangers = [Row("stranger", text, None, "") for text in STRANGERS]
    answers = ask(client, rows)
    unknown = ask(client, strangers)

    right = {row for row, found in zip(rows, answers, strict=True) if found and found[0]["id"] == row.meant}
    matched = [
        (row, found[0]["id"] == row.meant)
        for row, found in zip([*rows, *strangers], [*answers, *unknown], strict=True)
        if found and found[0]["match"]
    ]
    precision = sum(good for _, good in matched) / len(matched)
    recall = sum(good for _, good in matched) / len(rows)
    print("\n" + "\n".join(by_rule(rows, right)))
    print(
        f"first right {len(right) / len(rows):.1%}, match right {precision:.1%} of {len(matched)}, recall {recall:.1%}"
    )
    print("wrong:", [row.text for row in rows if row not in right], [row.text for row, good in matched if not good])

    assert len(right) == len(rows)
    assert precision == 1
    assert recall > 0.9


def test_candidate_has_a_name_like_what_was_asked(client: httpx.Client, store: pyoxigraph.Store) -> None:
    texts = [*STRANGERS, *others(store, 300), *NOTHING]
    asked = [[Row("other", text, None, "") for text in texts[i : i + 200]] for i in range(0, len(texts), 200)]
    found = [candidates for some in asked for candidates in ask(client, some)]

    scores = [float(str(item["score"])) for candidates in found for item in candidates]
    assert len(scores) > 300
    assert min(scores) >= 60
    assert found[-len(NOTHING) :] == [[] for _ in NOTHING]


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        *((name, "metropole-ruhr") for name in ("Ruhrgebiet", "Revier", "das Ruhrgebiet", "RUHRGEBIET", "Ruhrgebiets")),
        *((name, "nordrhein-westfalen") for name in ("NRW", "nrw", "Nordrhein-Westfalen", "North Rhine-Westphalia")),
    ],
)
def test_places_are_found_by_their_everyday_names(client: httpx.Client, name: str, thing: str) -> None:
    ((first, *_),) = ask(client, [Row("everyday", name, None, "")])

    assert (first["id"], first["match"]) == (f"place/{thing}", True)


def test_only_the_first_candidate_may_be_a_match_and_scores_fall(client: httpx.Client, rows: list[Row]) -> None:
    for found in ask(client, rows):
        scores = [float(str(item["score"])) for item in found]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 100 for score in scores)
        assert not any(item["match"] for item in found[1:])


def test_name_with_another_word_or_number_is_hardly_ever_a_match(client: httpx.Client, store: pyoxigraph.Store) -> None:
    texts = others(store, 1000)
    matched: list[str] = []
    for start in range(0, len(texts), 200):
        some = [Row("other", text, None, "") for text in texts[start : start + 200]]
        matched += [row.text for row, found in zip(some, ask(client, some), strict=True) if found and found[0]["match"]]
    print("\nmatched though nothing is called so:", matched)

    # One word may be the inflected form of another, or have no meaning of its own.
    assert len(matched) / len(texts) < 0.01
