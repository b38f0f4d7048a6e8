"""The published questions are answered exactly as published.

``public.json`` holds question and answer; here stands which columns make the answer, and where the answer puts words of
the text into other words, which words those are.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from tests.queries.answers import ask_oxigraph, column
from tests.queries.library import LibraryQuery, read_library

ROOT = Path(__file__).resolve().parents[2]
PUBLIC: dict[str, dict[str, Any]] = {
    entry["id"]: entry
    for entry in json.loads((Path(__file__).resolve().parent / "public.json").read_text(encoding="utf-8"))
}
QUERIES: dict[str, LibraryQuery] = {
    identifier: query for query in read_library(ROOT / "queries" / "library") for identifier in query.values("question")
}
Rows = list[dict[str, str]]


def _labels(name: str) -> Callable[[Rows], list[str]]:
    return lambda rows: [row[name] for row in rows]


# The three goals, as printed in the contract and as the answer words them.
GOALS = {
    "Interkulturelle Kompetenz als Qualitätsmerkmal in der Verwaltung, insbesondere im Personalmanagement, verankert "
    "wird und in die Kriterien für Personalauswahl und Personalentwicklung einfließt.": "Interkulturelle Kompetenz als "
    "Qualitätsmerkmal in der Verwaltung, insbesondere im Personalmanagement, verankern und in die Kriterien für "
    "Personalauswahl und Personalentwicklung einfließen lassen",
    "der Anteil der Beschäftigten mit Zuwanderungsgeschichte langfristig ihrem Anteil an der Stadtbevölkerung "
    "entspricht.": (
        "der Anteil der Beschäftigten mit Zuwanderungsgeschichte soll langfristig ihrem Anteil an der Stadtbevölkerung "
        "entsprechen"
    ),
    "die beiden vorgenannten Ziele durch nachhaltige interkommunale Zusammenarbeit erreicht werden.": "die beiden "
    "vorgenannten Ziele durch nachhaltige interkommunale Zusammenarbeit erreichen",
}
# As printed (genitive, with “NRW”) and as the answer names it.
MINISTRY = {
    "Ministeriums für Arbeit, Integration und Soziales NRW": "Ministerium für Arbeit, Integration und Soziales",
    "MAIS": "MAIS",
}
MARKED = {
    "p:L019.2": "neun Kommunen der Städtekooperation",
    "p:L021.2": "Gemeinschaftsprojekte umgesetzt",
    "p:L021.3": "Ergebnisse im Handlungsbuch „Vielfalt schafft Zukunft“ veröffentlicht",
    "p:L083.7": "welcome.ruhr beim Regionalverband Ruhr verortet",
    "p:L083.8": "welcome.ruhr ist eine feste Größe",
}
DATED = {
    "agreement:staedtekooperationsvertrag": "Städtekooperationsvertrag geschlossen",
    "cooperation:integration-interkommunal": "Start der Städtekooperation",
    "text:staedteregion-ruhr-2010-05-28": "Datumszeile des Kontrakts (Bochum)",
    "event:unterzeichnung-2011-09-20": "Unterzeichnung der Vereinbarung (Wissenschaftspark Gelsenkirchen)",
    "event:beitritt-landesinitiative-2013": "Beitritt zur Landesinitiative",
    "caption:imagefilm-2016": "Imagefilm",
}
NUMBERED = {
    "p:L019.3": "Liste der Erstunterzeichnerinnen",
    "p:L031.2": "Kontrakttext („die sechs Kommunen“)",
    "p:L029.1": "Vertrag 2003 (gezählt)",
    "p:L019.2": "Seitentext („inzwischen neun Kommunen“)",
    "p:L039": "Unterschriftenblock (gezählt)",
    "p:L206.2": "Organisationsstruktur („der neun beteiligten Kommunen“)",
    "p:L156.3": "Filmbeschreibung („zwölf Städte aus der Städtekooperation“)",
}
FUNCTIONS = {
    "Sprecherfunktion der Regiegruppe": "Sprecherfunktion der Regiegruppe",
    "Geschäftsbüro der Städtekooperation": "Geschäftsbüro",
}
ORIGINS = {
    ("project:gemeinschaftsprojekte-personal-und-integration", "work:vielfalt-schafft-zukunft"): (
        "Gemeinschaftsprojekte der Fachbereiche Personal und Integration → Handlungsbuch „Vielfalt schafft Zukunft“"
    ),
    ("outcome:ergebnis-3", "work:vielfalt-schafft-zukunft"): (
        "Aufarbeitung von Themenstellungen der Kommunen als zukunftsfähige Arbeitgeberinnen → Handlungsbuch „Vielfalt "
        "schafft Zukunft“"
    ),
    ("outcome:ergebnis-6", "work:diversity-regionale-uebersicht"): (
        "regionale Übersicht über Akteure, Initiativen und Programme der Vielfaltsförderung (Diversity) → Diversity - "
        "eine regionale Übersicht für die Metropole Ruhr"
    ),
    ("outcome:ergebnis-7", "work:basismodul-umgang-mit-vielfalt"): (
        "Entwicklung und Erprobung des Basismoduls „Umgang mit Vielfalt“ → Das Basismodul zur Interkulturellen "
        'Sensibilisierung "Umgang mit Vielfalt"'
    ),
    ("outcome:ergebnis-2", "work:vielfalt-schafft-zukunft-heft-5"): (
        "Checkliste für interkommunale Zusammenarbeit → Heft 5 Erfolgsfaktoren + Checkliste interkommunaler "
        "Zusammenarbeit"
    ),
    ("outcome:ergebnis-8", "website:deine-zukunft-findet-stadt-facebook"): (
        "Social Media Auftritt „Deine Zukunft findet Stadt“ → Interkommunaler Facebook Auftritt „Deine Zukunft "
        "findet Stadt“"
    ),
}
SPELLED = {
    "Gemeinschaftsprojekt von Kommunen und Auszubildenden": (
        "Film / Gemeinschaftsprojekt von Kommunen und Auszubildenden"
    )
}
ACCEDED = {"bottrop": "Bottrop", "gelsenkirchen": "Gelsenkirchen", "herne": "Herne"}
CONTRADICTIONS = {
    **{
        (f"participation:ruhr-{slug}", f"signature:ruhr-{slug}"): (
            f"{city}: später beigetreten ↔ Unterschriftseintrag unter 28.05.2010"
        )
        for slug, city in ACCEDED.items()
    },
    **{
        ("observation:kommunen-laut-kontrakttext", f"signature:ruhr-{slug}"): (
            "sechs Kommunen im Kontrakttext ↔ Unterschriftseinträge von Herne, Gelsenkirchen und Bottrop"
        )
        for slug in ACCEDED
    },
    **{
        (f"signature:ruhr-{slug}", "text:staedteregion-ruhr-2010-05-28"): (
            "Fassung vom 28.05.2010 ↔ Unterschriftseinträge von Herne, Gelsenkirchen und Bottrop"
        )
        for slug in ACCEDED
    },
    **{
        (
            observation,
            "observation:staedte-laut-filmbeschreibung",
        ): "neun Kommunen ↔ zwölf Städte aus der Städtekooperation"
        for observation in ("observation:kommunen-laut-seitentext", "observation:kommunen-laut-organisationsstruktur")
    },
}


def _without_articles(wording: str) -> str:
    """A result as the answer lists it: the articles and the full stop of the bullet are left out."""
    words = wording.removesuffix(".").split(" ")
    listed = [
        word
        for index, word in enumerate(words)
        if not (word in {"der", "die"} and (index == 0 or words[index - 1] == "und"))
    ]
    return " ".join(listed)


def _dated(rows: Rows) -> list[str]:
    return [
        f"{row['date']} " + (f"Forum in {row['city_label']}" if "forum-" in row["thing"] else DATED[row["thing"]])
        for row in rows
    ]


def _members(rows: Rows) -> list[str]:
    times = {"2010-06-01": "2010-06-01", "[2016..]": "Stand des Textes"}
    return [f"{times[row['at']]}: {row['city_label']}" for row in rows if row["membership"] == "in"]


ANSWERS: dict[str, Callable[[Rows], list[str]]] = {
    "CQ01": _labels("city_label"),
    "CQ03": _labels("city_label"),
    "CQ05": lambda rows: [value for row in rows for value in (row["city_label"], row["date"])],
    "CQ07": _labels("sector_label"),
    "CQ09": lambda rows: [f"{row['date']} {row['city_label']}" for row in rows],
    "CQ11": lambda rows: [f"Heft {row['number']}: {row['title']}" for row in rows],
    "CQ13": lambda rows: [f"Stadt {rows[0]['city_label']}", *(row["task_label"] for row in rows)],
    "CQ15": lambda rows: [GOALS[row["wording"]] for row in rows],
    "CQ17": lambda rows: [MINISTRY[row["as_printed"]] for row in rows],
    "CQ19": lambda rows: [_without_articles(row["wording"]) for row in rows],
    "CQ21": _members,
    "CQ23": lambda rows: [f"{row['date']} {row['city_label']}" for row in rows],
    "CQ25": _labels("year"),
    "CQ27": _dated,
    "CQ29": lambda rows: [MARKED[row["passage"]] for row in rows],
    "CQ30": _labels("city_label"),
    "CQ32": _labels("city_label"),
    "CQ35": lambda rows: [f"{row['name']}: {row['city_label']}" for row in rows],
    "CQ37": lambda rows: [f"{row['city_label']}: {row['name']}" for row in rows],
    "CQ38": lambda rows: [ORIGINS[row["from"], row["to"]] for row in rows],
    "CQ41": lambda rows: [f"{row['city_label']}: {FUNCTIONS[row['function_label']]}" for row in rows],
    "CQ43": lambda rows: sorted({row["city_label"] for row in rows}),
    "CQ45": lambda rows: [f"{row['count']}: {NUMBERED[row['passage']]}" for row in rows],
    "CQ47": lambda rows: [f"{row['spelling']}: {SPELLED.get(row['designation'], row['designation'])}" for row in rows],
    "CQ50": lambda rows: [name for row in rows for name in (row["entry_name"], row["other_name"])],
    "CQ51": lambda rows: [
        value for row in rows for value in (row["date"], f"Bildunterschrift „{row['caption_wording']}“")
    ],
    "CQ53": lambda rows: [row["city"] for row in rows if row["city"]],
    "CQ55": lambda rows: [row["answer"] for row in rows if row["answer"] != "not stated"],
    "CQ57": lambda rows: [
        value
        for row in rows
        for value in (
            row["as_printed"].removesuffix(" Einwohnerinnen und Einwohnern"),
            f"{row['document_kind']} „{row['document_name']}“",
            row["as_of"],
        )
    ],
    "CQ59": lambda rows: sorted({CONTRADICTIONS[row["from"], row["to"]] for row in rows}),
}


def _ask(store: ox.Store, identifier: str) -> Rows:
    return ask_oxigraph(store, QUERIES[identifier].text).shown()


def test_every_public_question_has_a_query() -> None:
    assert sorted(QUERIES) == sorted(PUBLIC) == sorted(ANSWERS)


@pytest.mark.parametrize("identifier", sorted(PUBLIC))
def test_the_rows_are_the_stated_answer(identifier: str, store: ox.Store) -> None:
    given = ANSWERS[identifier](_ask(store, identifier))
    stated = PUBLIC[identifier]["answer"]
    assert given == stated if PUBLIC[identifier]["answer_kind"] == "ordered" else sorted(given) == sorted(stated)


@pytest.mark.parametrize("identifier", sorted(PUBLIC))
def test_the_german_question_is_the_published_one(identifier: str) -> None:
    # Some go on with what the answer shows beyond the question.
    published = PUBLIC[identifier]["question_de"].rstrip("?")
    asked = QUERIES[identifier].value("summary-de")
    assert asked.startswith(published) or identifier in {"CQ21", "CQ53"}


def test_membership_is_undecided_for_those_who_acceded_without_a_date(store: ox.Store) -> None:
    rows = _ask(store, "CQ21")
    on_the_day, by_the_text = PUBLIC["CQ21"]["answer_structured"]
    for time, stated in (("2010-06-01", on_the_day), ("[2016..]", by_the_text)):
        for membership, cities in (("in", stated["supported_by_both_passages"]), ("undecided", stated["undecided"])):
            found = [row["city_label"] for row in rows if (row["at"], row["membership"]) == (time, membership)]
            assert found == cities
    assert {row["membership"] for row in rows} == {"in", "undecided"}
    assert all(row["reason"] for row in rows if row["membership"] == "undecided")


def test_only_the_links_to_the_handbook_are_stated(store: ox.Store) -> None:
    found = sorted(column(_ask(store, "CQ38"), "basis", "to"))
    assert found == [
        ("concept:basis-same-title", "website:deine-zukunft-findet-stadt-facebook"),
        ("concept:basis-same-title", "work:basismodul-umgang-mit-vielfalt"),
        ("concept:basis-similar-wording", "work:diversity-regionale-uebersicht"),
        ("concept:basis-similar-wording", "work:vielfalt-schafft-zukunft-heft-5"),
        ("concept:basis-stated", "work:vielfalt-schafft-zukunft"),
        ("concept:basis-stated", "work:vielfalt-schafft-zukunft"),
    ]


def test_names_of_the_signature_block_come_with_their_damage(store: ox.Store) -> None:
    for identifier in ("CQ35", "CQ37"):
        assert {row["status_label"] for row in _ask(store, identifier)} == {"Beschädigt"}


def test_the_twelve_cities_stay_unnamed_and_the_reason_is_given(store: ox.Store) -> None:
    (row,) = _ask(store, "CQ53")
    assert (row["city"], row["answer"], row["finding_label"]) == ("", "not stated", "Neun Kommunen oder zwölf Städte")


def test_same_city_and_year_is_no_answer_and_the_reason_is_given(store: ox.Store) -> None:
    (row,) = _ask(store, "CQ55")
    assert row["answer"] == "not stated"
    assert row["finding_label"] == "Gleiche Stadt und gleiches Jahr, vielleicht verschiedene Ereignisse"
    assert (row["passage"], row["event_passage"]) == ("p:L039", "p:L130")


def test_the_goals_of_the_contract_are_goals(store: ox.Store) -> None:
    assert column(_ask(store, "CQ15"), "status_label", "frame") == [("Als Ziel genannt", "Wir möchten, dass:")] * 3


def test_dates_of_a_year_and_of_a_day_are_told_apart(store: ox.Store) -> None:
    days = {row["date"] for row in _ask(store, "CQ27") if row["precision"] == "day"}
    assert days == {"2010-05-28", "2011-09-20", "2013-07-09"}
