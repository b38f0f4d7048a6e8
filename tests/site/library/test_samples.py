"""The code beside an answer holds the query as it is; no value can end the literal in which it stands."""

from __future__ import annotations

import ast

import pyoxigraph
import pytest
from tests.release.test_library import QUESTION

from interkommunal.release.library import parse_query
from interkommunal.site.library.page import samples
from interkommunal.site.library.questions import AskedQuestion
from interkommunal.site.site import Site

SITE = Site("https://data.example/ruhr")
HOSTILE = ('"""\nimport os', "\\", ")---", "`${1}`", "'; rm", "%s", "\n")


def code(text: str, label: str) -> str:
    query = parse_query("forums", QUESTION)
    asked = AskedQuestion(query, "de", {"city": text}, {"lang": pyoxigraph.Literal(text)})
    return samples(asked, SITE)[label]


@pytest.mark.parametrize("text", HOSTILE)
def test_python_holds_the_query_letter_for_letter(text: str) -> None:
    tree = ast.parse(code(text, "Python (SPARQLWrapper)"))
    (query,) = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]

    asked = AskedQuestion(parse_query("forums", QUESTION), "de", {}, {"lang": pyoxigraph.Literal(text)})
    assert query == asked.text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("label", ["curl", "Python (pandas)", "R", "JavaScript"])
def test_addresses_in_code_are_encoded(label: str, text: str) -> None:
    address = code(text, label).partition("https://data.example/ruhr/queries/forums.")[2]
    address = address.partition('"' if label != "curl" else "'")[0]

    assert address.startswith(("csv?", "json?"))
    assert set(address) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789?=&%+._-")


def test_raw_string_of_r_is_fenced_so_that_no_value_ends_it() -> None:
    sample = code(")---", "R (SPARQL)")

    assert 'r"----(' in sample
    assert sample.count(')----"') == 1
