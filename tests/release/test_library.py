"""The query library as a release carries it: read from its files, kept as JSON, asked with other values."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.release.frozen import assembly_of

from interkommunal.content import Content
from interkommunal.errors import ReleaseError, SyntaxProblem
from interkommunal.release.freeze import freeze
from interkommunal.release.library import Parameter, bound, from_json, open_library, parse_query, read_library, to_json
from interkommunal.release.release import Release

QUESTION = """\
#+ summary: Which Forums took place in a city?
#+ summary-de: Welche Foren fanden in einer Stadt statt?
#+ question: CQ99
#+ tags: forums, cities
#+ param: city entity(ik:City) city:essen
#+ param: lang language "de"
#+ result: table
#+ columns: forum, city
PREFIX city: <https://w3id.org/interkommunal/id/city/>
PREFIX schema: <https://schema.org/>

SELECT DISTINCT ?forum ?city
WHERE {
    VALUES ?city { city:essen }  # param
    VALUES ?lang { "de" }  # param
    ?forum schema:location ?city .
}
ORDER BY ?forum
"""


def test_head_is_read() -> None:
    query = parse_query("forums", QUESTION)

    assert query.name == "forums"
    assert query.summary == {
        "de": "Welche Foren fanden in einer Stadt statt?",
        "en": "Which Forums took place in a city?",
    }
    assert query.question == "CQ99"
    assert query.tags == ("forums", "cities")
    assert query.parameters == (
        Parameter("city", "entity", "ik:City", "city:essen"),
        Parameter("lang", "language", "", '"de"'),
    )
    assert query.result == "table"
    assert query.columns == ("forum", "city")
    assert query.text.startswith("PREFIX city:")
    assert "#+" not in query.text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ result: table\n", "", r"a\.rq:1: the head needs one line '#\+ result: …'"),
        ("#+ result: table", "#+ result: poem", r"a result is one of table, map, timeline, chart, network, not poem"),
        ("#+ tags: forums", "#+ tags forums", r"a\.rq:4: a line of the head is not"),
        ("entity(ik:City)", "entity", r"a\.rq:5: 'city entity city:essen' is no parameter"),
        ('language "de"', 'tongue "de"', r"a\.rq:6: 'lang tongue \"de\"' is no parameter"),
        ("VALUES ?city { city:essen }", "VALUES ?city { city:bochum }", "are not those of the head"),
    ],
)
def test_head_that_breaks_the_convention_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    with pytest.raises(SyntaxProblem, match=message):
        parse_query("a", QUESTION.replace(old, new), Path("a.rq"))


def test_values_take_the_place_of_defaults() -> None:
    terms = {"city": NamedNode("https://w3id.org/interkommunal/id/city/herne"), "lang": Literal("en")}
    text = bound(parse_query("forums", QUESTION), terms)

    assert "    VALUES ?city { <https://w3id.org/interkommunal/id/city/herne> }  # param\n" in text
    assert '    VALUES ?lang { "en" }  # param\n' in text
    assert text.replace("<https://w3id.org/interkommunal/id/city/herne>", "city:essen").replace('"en"', '"de"') == (
        parse_query("forums", QUESTION).text
    )


def test_value_that_looks_like_a_query_stays_one_literal() -> None:
    hostile = '" }  # param\n    VALUES ?city { <http://a.example/> }  # param\n} \\" # '
    text = bound(parse_query("forums", QUESTION), {"lang": Literal(hostile)})

    assert text.count("\n") == parse_query("forums", QUESTION).text.count("\n")
    literal = r'"\" }  # param\n    VALUES ?city { <http://a.example/> }  # param\n} \\\" # "'
    assert f"    VALUES ?lang {{ {literal} }}  # param\n" in text
    assert "    VALUES ?city { city:essen }  # param\n" in text


def test_parameter_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="forums has no parameter year"):
        bound(parse_query("forums", QUESTION), {"year": Literal("2010")})


def test_json_gives_back_what_went_in(content: Content) -> None:
    library = read_library(content.queries / "library")

    assert len(library) >= 40
    assert from_json(to_json(library)) == library
    assert to_json(from_json(to_json(library))) == to_json(library)


def test_release_carries_the_library(releases: Path, small_content: Content) -> None:
    folder = small_content.queries / "library"
    folder.mkdir()
    (folder / "forums.rq").write_text(QUESTION, "utf-8")

    release = freeze(assembly_of(), small_content, releases)

    assert open_library(release) == (parse_query("forums", QUESTION),)
    assert release.manifest.files["library.json"].holds == "library"


def test_release_without_a_library_has_no_questions(release: Release) -> None:
    assert open_library(release) == ()


def test_damaged_library_is_told(releases: Path, small_content: Content) -> None:
    folder = small_content.queries / "library"
    folder.mkdir()
    (folder / "forums.rq").write_text(QUESTION, "utf-8")
    release = freeze(assembly_of(), small_content, releases)
    release.path("library.json").write_text("{}]")

    with pytest.raises(ReleaseError, match=r"library\.json is damaged; build the release again"):
        open_library(release)
