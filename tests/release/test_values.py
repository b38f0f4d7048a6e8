"""What people type for a parameter becomes one term of the right type, or is refused."""

from __future__ import annotations

import pytest

from interkommunal.errors import ParameterError
from interkommunal.release.library import Parameter
from interkommunal.release.values import read_value

CITY = Parameter("city", "entity", "ik:City", "UNDEF")
ESSEN = "https://w3id.org/interkommunal/id/city/essen"


def parameter(kind: str) -> Parameter:
    return Parameter("value", kind, "", "UNDEF")


@pytest.mark.parametrize("typed", [ESSEN, "city:essen", "essen", " city:essen "])
def test_thing_is_named_by_iri_by_prefixed_name_or_by_slug(typed: str) -> None:
    assert str(read_value(CITY, typed, {"essen": ESSEN})) == f"<{ESSEN}>"


@pytest.mark.parametrize("typed", ["concept:role-party", "role-party"])
def test_concept_is_named_by_prefixed_name_or_by_slug(typed: str) -> None:
    value = read_value(Parameter("role", "concept", "concept:role", "UNDEF"), typed)

    assert str(value) == "<https://w3id.org/interkommunal/concept/role-party>"


@pytest.mark.parametrize(
    "typed",
    [
        "atlantis",
        "Essen!",
        "/id/city/essen",
        "nobody:essen",
        "http://a.example/> } ?s ?p ?o . { <http://a.example/b",
        "http://a.example/a b",
        "http://a.example/{x}",
        "http://a.example/\\u003e",
        "http://a.example/\x00",
        "?s ?p ?o",
        "city:essen } #",
        "<http://a.example/>",
        "UNDEF",
        "_:b",
        "a" * 1001,
    ],
)
def test_what_names_no_thing_is_refused(typed: str) -> None:
    with pytest.raises(ParameterError, match="The parameter city needs another value"):
        read_value(CITY, typed, {"essen": ESSEN})


@pytest.mark.parametrize(
    ("kind", "typed", "term"),
    [
        ("year", "2011", '"2011"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("integer", "007", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("integer", "-3", '"-3"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("date", "2010-06-01", '"2010-06-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("text", 'Talent "2010" \\ Mülheim\n', '"Talent \\"2010\\" \\\\ Mülheim\\n"'),
        ("text", '"@de . } #', '"\\"@de . } #"'),
        ("language", "en", '"en"'),
    ],
)
def test_literal_has_the_type_of_its_parameter(kind: str, typed: str, term: str) -> None:
    assert str(read_value(parameter(kind), typed)) == term


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("year", "11"),
        ("year", "٢٠١١"),
        ("year", "2011 }"),
        ("integer", "1e3"),
        ("integer", "9" * 19),
        ("date", "2010-02-30"),
        ("date", "01.06.2010"),
        ("date", '2010-06-01"^^xsd:date'),
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("language", "fr"),
        ("language", '"de"'),
    ],
)
def test_what_is_of_another_type_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(ParameterError, match="The parameter value needs another value"):
        read_value(parameter(kind), typed)


def test_refusal_speaks_both_languages() -> None:
    with pytest.raises(ParameterError) as caught:
        read_value(parameter("year"), "x")

    assert caught.value.text.in_("de") == "Der Parameter value braucht einen anderen Wert: ein Jahr mit vier Ziffern."
    assert caught.value.text.in_("en") == "The parameter value needs another value: a year of four digits."
