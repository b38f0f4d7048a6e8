"""Decisions: each is on the disk at once, nothing is asked twice, and a page can be used instead of a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from tests.linking.conftest import WIKIDATA

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.mapping_set import CANDIDATE, MappingRow, MappingSet
from interkommunal.linking.finding import reasons_in
from interkommunal.linking.items import Item
from interkommunal.linking.journal import open_set, save_rows
from interkommunal.linking.review import Question, apply_decisions, review, review_page
from interkommunal.linking.scoring import score
from interkommunal.linking.things import Thing
from interkommunal.texts import Language

ROW = MappingRow(
    "city:essen", "skos:exactMatch", "wd:Q2066", "semapv:LexicalMatching", "2026-11-28", 0.9, ("x",), CANDIDATE
)
ROWS = (
    ROW,
    replace(ROW, object_id="wd:Q571423", confidence=0.5),
    replace(ROW, subject_id="city:herne", object_id="wd:Q2904"),
)


@pytest.fixture
def waiting(unlinked: Content) -> Content:
    save_rows(unlinked, WIKIDATA, ROWS)
    return unlinked


def typing(*answers: str) -> tuple[Callable[[Question], str], list[str]]:
    """A person who types these answers, and what they were asked about."""
    left, asked = list(answers), []

    def ask(question: Question) -> str:
        asked.append(f"{question.row.subject_id} {question.row.object_id}")
        if not left:
            raise KeyboardInterrupt
        return left.pop(0)

    return ask, asked


def states(content: Content) -> dict[str, str]:
    return {row.object_id: row.review_state for row in open_set(content, WIKIDATA).rows}


def test_best_candidates_come_first_and_answers_become_states(waiting: Content) -> None:
    ask, asked = typing("a", "r a namesake in Oldenburg", "o")
    counts = review(waiting, WIKIDATA, ask, "Redaktion", "2026-11-28")

    assert asked == ["city:essen wd:Q2066", "city:essen wd:Q571423", "city:herne wd:Q2904"]
    assert states(waiting) == {"wd:Q2066": "accepted", "wd:Q571423": "rejected", "wd:Q2904": "open"}
    assert counts == {"accepted": 1, "rejected": 1, "open": 1, "skipped": 0}
    (rejected,) = open_set(waiting, WIKIDATA).of_state("rejected")
    assert (rejected.comment, rejected.predicate_modifier) == ("a namesake in Oldenburg", "Not")
    assert (rejected.reviewer_label, rejected.review_date) == ("Redaktion", "2026-11-28")


@pytest.mark.parametrize("decided", [0, 1, 2])
def test_leaving_anywhere_loses_nothing_and_asks_nothing_twice(decided: int, waiting: Content) -> None:
    answers = ["a", "r", "a"]
    ask, first = typing(*answers[:decided])
    with pytest.raises(KeyboardInterrupt):
        review(waiting, WIKIDATA, ask, "Redaktion", "2026-11-28")
    assert list(states(waiting).values()).count("candidate") == 3 - decided
    ask, second = typing(*answers[decided:])
    review(waiting, WIKIDATA, ask, "Redaktion", "2026-11-28")

    assert first[:decided] + second == ["city:essen wd:Q2066", "city:essen wd:Q571423", "city:herne wd:Q2904"]
    assert states(waiting) == {"wd:Q2066": "accepted", "wd:Q571423": "rejected", "wd:Q2904": "accepted"}


def test_quit_and_skip_leave_candidates_and_nonsense_is_asked_again(waiting: Content) -> None:
    ask, asked = typing("s", "yes", "q")
    counts = review(waiting, WIKIDATA, ask, "Redaktion", "2026-11-28")

    assert asked == ["city:essen wd:Q2066", "city:essen wd:Q571423", "city:essen wd:Q571423"]
    assert counts["skipped"] == 1
    assert set(states(waiting).values()) == {"candidate"}


def test_open_questions_come_again_only_on_request(waiting: Content) -> None:
    review(waiting, WIKIDATA, typing("o which one?", "o", "o")[0], "Redaktion", "2026-11-28")
    ask, asked = typing()
    review(waiting, WIKIDATA, ask, "Redaktion", "2026-11-29")
    assert asked == []
    ask, asked = typing("a", "r", "a")
    review(waiting, WIKIDATA, ask, "Redaktion", "2026-11-29", again=True)

    assert len(asked) == 3


def test_a_thing_cannot_be_accepted_twice(waiting: Content) -> None:
    with pytest.raises(SyntaxProblem, match="city:essen would be matched exactly twice"):
        review(waiting, WIKIDATA, typing("a", "a")[0], "Redaktion", "2026-11-28")

    assert states(waiting) == {"wd:Q2066": "accepted", "wd:Q571423": "candidate", "wd:Q2904": "candidate"}


def test_an_interrupted_write_leaves_the_old_set(waiting: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (waiting.data / "links" / "wikidata.sssom.tsv").read_bytes()

    def torn(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", torn)
    with pytest.raises(KeyboardInterrupt):
        review(waiting, WIKIDATA, typing("a")[0], "Redaktion", "2026-11-28")

    assert (waiting.data / "links" / "wikidata.sssom.tsv").read_bytes() == before


def test_decisions_of_a_page_are_taken_over(waiting: Content, tmp_path: Path) -> None:
    decisions = [
        {"subject_id": "city:essen", "object_id": "wd:Q2066", "answer": "a", "reason": ""},
        {"subject_id": "city:essen", "object_id": "wd:Q571423", "answer": "r", "reason": "Oldenburg"},
    ]
    path = tmp_path / "decisions.json"
    path.write_text(json.dumps({"decisions": decisions}), encoding="utf-8")

    assert apply_decisions(waiting, WIKIDATA, path, "Redaktion", "2026-11-28") == 2
    assert states(waiting) == {"wd:Q2066": "accepted", "wd:Q571423": "rejected", "wd:Q2904": "candidate"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "no decisions that a review page has saved"),
        ("no", "no decisions that a review page has saved"),
        ('{"decisions": [{"subject_id": "a", "object_id": "b", "answer": "x"}]}', "'x' is no answer; use a, r, o"),
        ('{"decisions": [{"subject_id": "a", "object_id": "b", "answer": "a"}]}', "a and b stand in no row of the set"),
    ],
)
def test_decisions_that_are_wrong_change_nothing(text: str, message: str, waiting: Content, tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SyntaxProblem, match=message):
        apply_decisions(waiting, WIKIDATA, path, "Redaktion", "2026-11-28")
    assert set(states(waiting).values()) == {"candidate"}


def test_the_page_shows_every_candidate_and_loads_nothing() -> None:
    hostile = replace(ROW, object_label="<script>alert(1)</script>", comment='"><img src=x>')
    page = review_page(MappingSet(WIKIDATA, (hostile, *ROWS[1:])))

    assert page.count("<article") == 3
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img" not in page
    assert "default-src 'none'" in page
    assert 'src="http' not in page


def test_the_page_speaks_german_and_saves_the_same() -> None:
    row = replace(ROW, comment="municipality key 05113000 agrees; kind agrees")
    page = review_page(MappingSet(WIKIDATA, (row, *ROWS[1:])), "de")
    words = " ".join(html.fromstring(page).find("body").text_content().split())

    assert words.startswith(
        "Vorschläge für Wikidata 3 Vorschläge sind zu entscheiden. Wählen Sie aus und speichern Sie dann. Übernommen "
        "werden die Entscheidungen mit interkommunal link decide decisions.json --authority wikidata."
    )
    assert "0,9 · Gemeindeschlüssel 05113000 stimmt überein; Art stimmt überein" in words
    assert "Entscheidung annehmen verwerfen offene Frage Grund" in words
    assert "Entscheidungen speichern" in words
    buttons = [item.get("value") for item in html.fromstring(page).iter("input") if item.get("type") == "radio"]
    assert buttons == ["a", "r", "o"] * 3


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Es gibt nichts zu entscheiden."), ("en", "Nothing to decide.")]
)
def test_a_page_without_candidates_offers_nothing_to_save(language: Language, words: str) -> None:
    page = html.fromstring(review_page(MappingSet(WIKIDATA, ()), language))

    assert [item.text for item in page.iter("p")] == [words]
    assert list(page.iter("button")) == []


HERE, THERE = "Point(7.2 51.5)", "Point(9.2 51.5)"
THING = Thing(
    "city:herne",
    "cities",
    "Herne",
    ("Herne",),
    (("P439", "05916000"), ("P440", "05916"), ("P1388", "059160000000"), ("P227", "4024563-5")),
    ((7.2, 51.5),),
    "1897",
)


@pytest.mark.parametrize(
    ("item", "reasons"),
    [
        (
            Item(
                "Q2904",
                {"de": "Herne"},
                statements={name: {value} for name, value in THING.keys} | {"P625": {HERE}, "P571": {"+1897-04-01"}},
                classes={"Q42744322"},
            ),
            "Gemeindeschlüssel 05916000 stimmt überein; Kreisschlüssel 05916 stimmt überein; "
            "Regionalschlüssel 059160000000 stimmt überein; GND-Nummer 4024563-5 stimmt überein; "
            "Name „Herne“ stimmt überein; Art stimmt überein; 0,0 km auseinander; Jahr 1897 stimmt überein",
        ),
        (
            Item("Q1", aliases={"Herne"}, within={"Q1198"}),
            "weiterer Name „Herne“ stimmt überein; liegt in Nordrhein-Westfalen",
        ),
        (
            Item(
                "Q2",
                {"de": "Herne"},
                statements={
                    "P439": {"1", "2"},
                    "P440": {"3"},
                    "P1388": {"4"},
                    "P227": {"5"},
                    "P625": {THERE},
                    "P131": {"Q1"},
                    "P576": {"1890-01-01"},
                },
            ),
            "Name „Herne“ stimmt überein; aber Gemeindeschlüssel dort ist 1, 2, nicht 05916000; "
            "aber Kreisschlüssel dort ist 3, nicht 05916; aber Regionalschlüssel dort ist 4, nicht 059160000000; "
            "aber GND-Nummer dort ist 5, nicht 4024563-5; aber 138 km auseinander; "
            "aber liegt außerhalb von Nordrhein-Westfalen; aber endete 1890",
        ),
    ],
)
def test_reasons_that_the_search_writes_come_in_german(item: Item, reasons: str) -> None:
    assert reasons_in(score(THING, item).explanation, "de") == reasons


def test_what_a_person_wrote_stays_as_it_is() -> None:
    assert reasons_in("kind agrees; another ministry, which took over labour later", "de") == (
        "Art stimmt überein; another ministry, which took over labour later"
    )
    assert reasons_in("kind agrees", "en") == "kind agrees"
    assert reasons_in("wd:Q2066, which is city:essen, has P227 4015557-2", "de") == (
        "wd:Q2066, der Eintrag zu city:essen, hat P227 4015557-2"
    )
