"""Questions with other values than their defaults, in both engines."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.queries.answers import ask_oxigraph, ask_rdflib, column
from tests.queries.library import read_library

from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import PREFIXES

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = {query.name: query for query in read_library(ROOT / "queries" / "library")}
SIX = ["Bochum", "Dortmund", "Duisburg", "Essen", "Mülheim an der Ruhr", "Oberhausen"]
THREE = ["Bottrop", "Gelsenkirchen", "Herne"]

CASES: list[tuple[str, dict[str, str], tuple[str, ...], list[tuple[str, ...]]]] = [
    # A question, the values of its parameters, columns, the rows of these columns.
    ("first-signatories-of-the-contract", {"lang": '"en"'}, ("city_label",), [(city,) for city in SIX]),
    (
        "sectors-that-signed-in-2011",
        {"lang": '"en"'},
        ("sector_label", "as_printed"),
        [
            ("Municipalities", "Kommunen"),
            ("Business", "Wirtschaft"),
            ("Academia", "Wissenschaft"),
            ("Associations", "Verbänden"),
            ("Institutions", "Institutionen"),
            ("Clubs", "Vereinen"),
        ],
    ),
    # A language without labels loses no row.
    (
        "parties-of-the-2003-contract",
        {"lang": '"fr"'},
        ("city", "city_label"),
        [
            ("city:bochum", ""),
            ("city:dortmund", ""),
            ("city:duisburg", ""),
            ("city:essen", ""),
            ("city:gelsenkirchen", ""),
            ("city:herne", ""),
            ("city:muelheim", ""),
            ("city:oberhausen", ""),
        ],
    ),
    ("forums-by-year-and-city", {"city": "city:essen"}, ("date",), [("2009",), ("2011",)]),
    ("forums-by-year-and-city", {"year": "2014"}, ("city_label",), [("Duisburg",)]),
    ("forums-by-year-and-city", {"year": "2013"}, ("city_label",), []),
    (
        "goals-by-agreement",
        {"agreement": "agreement:ein-zeichen-fuer-vielfalt-und-talente"},
        ("goal", "part_of"),
        [
            ("goal:vielfalt-und-talente-fachkraeftemangel", ""),
            ("goal:vielfalt-und-talente-gemeinsames-handeln", ""),
            ("goal:vielfalt-und-talente-1", ""),
            ("goal:vielfalt-und-talente-2", ""),
            ("goal:vielfalt-und-talente-2-a", "goal:vielfalt-und-talente-2"),
            ("goal:vielfalt-und-talente-2-b", "goal:vielfalt-und-talente-2"),
            ("goal:vielfalt-und-talente-3", ""),
        ],
    ),
    (
        "was-the-agreement-signed-at-the-event",
        {
            "agreement": "agreement:ein-zeichen-fuer-vielfalt-und-talente",
            "event": "event:unterzeichnung-2011-09-20",
        },
        ("answer", "passage", "quote"),
        [
            (
                "stated",
                "p:L081",
                "Am 20. September 2011 unterzeichneten im Wissenschaftspark Gelsenkirchen Vertreter*innen aus "
                "Kommunen, Wirtschaft, Wissenschaft, Verbänden, Institutionen und Vereinen die gemeinsame "
                "Vereinbarung „Ein Zeichen für Vielfalt und Talente“.",
            )
        ],
    ),
    (
        "was-the-agreement-signed-at-the-event",
        {"event": "event:forum-2016"},
        ("answer", "finding_label"),
        [
            ("not stated", ""),
        ],
    ),
    (
        "listed-and-not-listed-parties",
        {"agreement": "agreement:staedteregion-ruhr"},
        ("city_label", "answer", "role_label"),
        [
            ("Bochum", "listed", "Erstunterzeichnerin"),
            ("Bottrop", "listed", "Beigetretene"),
            ("Dortmund", "listed", "Erstunterzeichnerin"),
            ("Duisburg", "listed", "Erstunterzeichnerin"),
            ("Essen", "listed", "Erstunterzeichnerin"),
            ("Gelsenkirchen", "listed", "Beigetretene"),
            ("Herne", "listed", "Beigetretene"),
            ("Mülheim an der Ruhr", "listed", "Erstunterzeichnerin"),
            ("Oberhausen", "listed", "Erstunterzeichnerin"),
        ],
    ),
    (
        "cities-and-their-agreements",
        {"city": "city:bottrop"},
        ("to", "role", "bounds"),
        [
            ("agreement:staedteregion-ruhr", "concept:role-acceding-party", "[2010-05-28..]"),
        ],
    ),
    (
        "cities-and-their-agreements",
        {"role": "concept:role-acceding-party"},
        ("from_label",),
        [(city,) for city in THREE],
    ),
    (
        "names-of-a-thing",
        {"thing": "place:metropole-ruhr"},
        ("as_printed", "passage"),
        [
            ("Metropole Ruhr", "p:L005.1"),
            ("Region Metropole Ruhr", "p:L009.2"),
            ("Metropolregion Ruhr", "p:L027.1"),
            ("Metropole Ruhr", "p:L091.1"),
        ],
    ),
    (
        "things-called-by-a-word",
        {"text": '"projekt"'},
        ("thing", "as_printed"),
        [
            ("project:gemeinschaftsprojekte-personal-und-integration", "Gemeinschaftsprojekte"),
            ("project:praxisbezogene-projekte", "Projekte"),
            ("work:deine-zukunft-findet-stadt-film", "Gemeinschaftsprojekt von Kommunen und Auszubildenden"),
            ("project:gemeinschaftsprojekte-mit-mais", "Gemeinschaftsprojekte"),
        ],
    ),
    (
        "self-descriptions-by-voice",
        {"voice": "concept:voice-agreement"},
        ("wording",),
        [
            ("traditionelle Einwanderungsregion",),
            ("eine Region der Vielfalt",),
            ("ein Potenzial der Region",),
            ("eine Stärke",),
            (
                "Für die Entwicklungsfähigkeit einer Region sind eine ausreichende Anzahl und eine Vielfalt von "
                "Talenten von entscheidender Bedeutung.",
            ),
            (
                "Sie in die Metropole Ruhr zu holen und in der Region vorhandene Potenziale zu erkennen, zu fördern "
                "und zu binden, ist unsere Chance für die Zukunft.",
            ),
        ],
    ),
    (
        "events-of-a-year",
        {"year": "2013"},
        ("date", "thing"),
        [
            ("2013", "caption:beitritt-landesinitiative"),
            ("2013-07-09", "event:beitritt-landesinitiative-2013"),
            ("2013-07-09", "participation:vielfalt-verbindet-staedtekooperation"),
        ],
    ),
    ("events-of-a-year", {"year": "2015"}, ("thing",), []),
    ("findings", {"kind": "concept:kind-contradiction"}, ("identifier",), [("I01",), ("I02",), ("I04",)]),
    ("statements-of-a-line", {"line": "85"}, ("passage",), []),
    ("passages-with-a-word", {"text": '"bottrop"'}, ("passage",), [("p:L019.4",), ("p:L073-L075",)]),
    (
        "how-two-things-are-linked",
        {"thing": "agreement:staedteregion-ruhr"},
        ("answer", "link", "passage"),
        [
            ("stated", "ik:basedOn", "p:L019.1"),
        ],
    ),
    (
        "goal-or-fact",
        {"text": '"dritt"'},
        ("passage", "status"),
        [
            ("p:L027.2", "concept:status-asserted"),
            ("p:L126.1", "concept:status-asserted"),
        ],
    ),
    ("things-known-only-from-the-text", {"class": "ik:City"}, ("thing",), []),
    # Nothing of that name is in the graph.
    ("names-of-a-thing", {"thing": "city:gent"}, ("as_printed",), []),
    ("passages-with-a-word", {"text": '"} DROP ALL #"'}, ("passage",), []),
]


def _full(term: str) -> str:
    """A prefixed name as an IRI, since a query declares only the prefixes it uses; other terms as they are."""
    prefix, colon, local = term.partition(":")
    return f"<{PREFIXES[prefix]}{local}>" if colon and prefix in PREFIXES else term


@pytest.mark.parametrize(("name", "values", "columns", "rows"), CASES)
def test_another_value_gives_other_rows(
    name: str,
    values: dict[str, str],
    columns: tuple[str, ...],
    rows: list[tuple[str, ...]],
    assembly: Assembly,
    store: ox.Store,
) -> None:
    query = LIBRARY[name]
    for parameter, term in values.items():
        query = query.bind(parameter, _full(term))
    answer = ask_oxigraph(store, query.text)
    assert column(answer.shown(), *columns) == rows
    assert ask_rdflib(assembly.dataset, query.text) == answer


@pytest.mark.parametrize(
    ("agreement", "date", "membership", "cities"),
    [
        ("agreement:staedteregion-ruhr", "2009-12-31", "out", sorted(SIX + THREE)),
        # Signed in 2010, but was there a wording before that of 28 May?
        ("agreement:staedteregion-ruhr", "2010-05-27", "undecided", SIX),
        ("agreement:staedteregion-ruhr", "2010-05-27", "out", THREE),
        ("agreement:staedteregion-ruhr", "2010-05-28", "in", SIX),
        ("agreement:staedteregion-ruhr", "2010-05-28", "undecided", THREE),
        # No date of the text says by when they had acceded.
        ("agreement:staedteregion-ruhr", "2015-09-02", "undecided", THREE),
        ("agreement:staedtekooperationsvertrag", "2002-12-31", "out", sorted([*SIX, "Gelsenkirchen", "Herne"])),
        ("agreement:staedtekooperationsvertrag", "2003-07-01", "undecided", sorted([*SIX, "Gelsenkirchen", "Herne"])),
        ("agreement:staedtekooperationsvertrag", "2004-01-01", "in", sorted([*SIX, "Gelsenkirchen", "Herne"])),
    ],
)
def test_membership_follows_the_precision_of_the_dates(
    agreement: str, date: str, membership: str, cities: list[str], assembly: Assembly, store: ox.Store
) -> None:
    query = LIBRARY["membership-at-a-date"].bind("date", f'"{date}"^^xsd:date').bind("agreement", _full(agreement))
    answer = ask_oxigraph(store, query.text)
    found = [row["city_label"] for row in answer.shown() if (row["at"], row["membership"]) == (date, membership)]
    assert found == cities
    assert ask_rdflib(assembly.dataset, query.text) == answer


def test_a_parameter_that_is_not_there_cannot_be_bound() -> None:
    with pytest.raises(ValueError, match="0 lines for the parameter city"):
        LIBRARY["chronology"].bind("city", "city:essen")
