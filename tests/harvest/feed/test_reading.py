"""Statements as people read them: words for what has words, short IRIs for the rest."""

from __future__ import annotations

import pytest
from lxml import html
from pyoxigraph import Literal
from tests.harvest.feed.conftest import Publishing
from tests.release.frozen import ESSEN
from tests.site.reading import words

from interkommunal.harvest.feed.reading import said
from interkommunal.namespaces import IK, PREFIXES, expand
from interkommunal.release.history import GRAPH
from interkommunal.site.description.lexicon import Lexicon
from interkommunal.site.description.statements import Statement, Statements
from interkommunal.site.site import Site
from interkommunal.texts import Language

EDITORIAL = "https://w3id.org/interkommunal/graph/editorial"
LEXICON = Lexicon(
    Statements(
        Statement(iri, expand("rdfs:label"), Literal(text, language=language), "")
        for iri, language, text in (
            (f"{IK}party", "de", "Partei"),
            (f"{IK}party", "en", "party"),
            (EDITORIAL, "de", "Aussagen der Redaktion"),
            (EDITORIAL, "en", "Editorial statements"),
        )
    )
)
LINE = (
    f"<{PREFIXES['agreement']}x> <{IK}party> <{PREFIXES['city']}essen> <{EDITORIAL}> .\n"
    f'<{PREFIXES["agreement"]}x> <{PREFIXES["dcterms"]}extent> "2"@de <{PREFIXES["goal"]}y> .\n'
).encode()


@pytest.mark.parametrize(
    ("language", "known"), [("de", ("Partei", "Aussagen der Redaktion")), ("en", ("party", "Editorial statements"))]
)
def test_terms_and_graphs_have_their_names_and_the_rest_is_short(language: Language, known: tuple[str, str]) -> None:
    first, second = said([LINE], Site("https://daten.example.org"), language, LEXICON)

    assert (first.property, first.term, first.value, first.graph) == (known[0], "ik:party", "city:essen", known[1])
    assert (second.property, second.term, second.value, second.graph) == (
        "dcterms:extent",
        "dcterms:extent",
        "2",
        "goal:y",
    )


def test_without_a_lexicon_the_words_of_the_pages_remain() -> None:
    label = f'<{PREFIXES["city"]}x> <{PREFIXES["rdfs"]}label> "X" <{EDITORIAL}> .\n'.encode()
    (found,) = said([label], Site(""), "de")

    assert (found.property, found.term, found.graph) == ("Benennung", "rdfs:label", "graph:editorial")


def test_a_change_is_told_in_words(fed: Publishing) -> None:
    *_, change = fed.history.changes(GRAPH, ESSEN.value)
    target = f"/feed/{fed.history.stream}/members/{change.sequence}"
    page = html.fromstring(fed.server.ask(target, headers={"Accept": "text/html", "Accept-Language": "de"}).text)
    rows = page.find_class("said")

    assert [words(row).partition(" in ")[0] for row in rows] == [
        "entfallen: Benennung Essen (de)",
        "hinzugekommen: Benennung Essen (Ruhr) (de)",
    ]
    assert [link.get("title") for row in rows for link in row.iter("a", "span") if link.get("title")] == [
        "rdfs:label",
        "rdfs:label",
    ]
