"""Tokens and outlines: where blocks and subjects stand, whatever stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.graph.parse import outline
from interkommunal.graph.syntax import tokens

EX = "http://example.org/"
HEAD = f"@prefix e: <{EX}> .\n"


def subjects(text: str) -> list[tuple[str, str | None, int]]:
    found = outline(HEAD + text).subjects
    return [(name.removeprefix(EX), graph and graph.removeprefix(EX), line) for name, graph, line in found]


def blocks(text: str) -> list[tuple[str, int]]:
    return [(name.removeprefix(EX), line) for name, line in outline(HEAD + text).blocks]


def test_subjects_outside_blocks_have_no_graph() -> None:
    assert subjects("e:a e:p e:b .\ne:c e:p e:d .") == [("a", None, 2), ("c", None, 3)]


def test_blocks_and_their_subjects_have_lines() -> None:
    text = "e:g {\n    e:a\n        e:p 1 .\n    e:b e:p 2 .\n}\n\ne:h { e:c e:p 3 }\n"
    assert blocks(text) == [("g", 2), ("h", 8)]
    assert subjects(text) == [("a", "g", 3), ("b", "g", 5), ("c", "h", 8)]


def test_a_block_may_have_the_keyword_graph_or_a_full_iri() -> None:
    assert blocks(f"GRAPH e:g {{ e:a e:p 1 }}\n<{EX}h> {{ e:a e:p 1 }}") == [("g", 2), ("h", 3)]


@pytest.mark.parametrize(
    "literal",
    [
        '"} e:x e:p {"',
        "'} . e:x'",
        '"""\n} .\ne:x e:p "quoted" .\n"""',
        "'''\n# e:x {\n'''",
        r'"\" } e:x ."',
        r'"\\"',
        '"# no comment"',
        '"""ends with a quote\\""""',
        '""',
        '""""""',
        '"x"@de-DE',
        '"x"^^e:type',
        '"x"^^<http://example.org/a#b>',
        "1.5",
        "-1.e3",
        ".5",
        "true",
        "<http://example.org/a#b.c>",
        "e:a.b",
        "e:a\\.b\\,c",
        "e:%20x",
        "e:",
        "e:a-b:c",
        "e:ä·ö",
    ],
)
def test_what_stands_in_an_object_is_no_subject(literal: str) -> None:
    line = 3 + literal.count("\n")
    assert subjects(f"e:g {{ e:a e:p {literal} .\n e:b e:p {literal}.\n }}") == [("a", "g", 2), ("b", "g", line)]


def test_comments_are_no_subjects() -> None:
    assert subjects("# e:x e:p {\ne:a # e:y\n  e:p # }\n  1 . # e:z e:p 1 .\ne:b e:p 2 .") == [
        ("a", None, 3),
        ("b", None, 6),
    ]


def test_brackets_keep_their_statement_together() -> None:
    assert subjects("e:a e:p [ e:q ( e:b [ e:r e:c ] ) ; e:s 1 ] ;\n e:t ( ) .\ne:d e:p 1 .") == [
        ("a", None, 2),
        ("d", None, 4),
    ]


def test_the_last_dot_of_a_block_may_be_missing() -> None:
    assert subjects("e:g { e:a e:p 1 }\ne:h { e:b e:p ( 1 ) }\ne:i { e:c e:p [ ] }") == [
        ("a", "g", 2),
        ("b", "h", 3),
        ("c", "i", 4),
    ]


def test_a_description_as_subject_is_skipped_and_counted_as_blank() -> None:
    found = outline(f"{HEAD}[] e:p 1 .\n[ e:q 2 ] e:p 3 .\n_:x e:p 4 .\ne:a e:p 5 .")
    assert [(name, line) for name, _, line in found.subjects] == [(f"{EX}a", 5)]
    assert found.blank_lines == [2, 3, 4]


def test_prefixes_are_known_in_every_spelling() -> None:
    prefixes = "@prefix a: <http://a/> .\nPREFIX b: <http://b/>\nprefix c: <http://c/>\n@prefix : <http://d/> .\n"
    found = outline(f"{prefixes}:x a:y c:z .")
    assert found.prefixes == {"a": "http://a/", "b": "http://b/", "c": "http://c/", "": "http://d/"}
    assert found.prefix_lines[1] == ("b", "http://b/", 2)
    assert found.used_prefixes == {"": 5, "a": 5, "c": 5}
    assert [name for name, _, _ in found.subjects] == ["http://d/x"]


def test_escapes_in_names_and_iris_are_resolved() -> None:
    found = outline(f"{HEAD}e:a\\/b e:p 1 .\n<{EX}\\u00e4> e:p 1 .")
    assert [name for name, _, _ in found.subjects] == [f"{EX}a/b", f"{EX}ä"]


def test_relative_iris_follow_the_base() -> None:
    found = outline("@base <http://example.org/x/> .\n<y> <p> <z> .")
    assert [name for name, _, _ in found.subjects] == ["http://example.org/x/y"]


@pytest.mark.parametrize(
    "broken", ["e:a e:p", 'e:a "', "}", "{", "e:g { e:a", "@prefix", "@base", "[", "e:a e:p ]] ; .", "\x00"]
)
def test_broken_text_does_not_break_the_outline(broken: str) -> None:
    assert outline(HEAD + broken).prefixes == {"e": EX}


@given(st.text(alphabet="ab:.<>\"'{}[]();,#@^_\\ \n1é", max_size=60))
def test_joining_the_tokens_gives_the_text_back(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    for at, token in enumerate(found):
        assert token.line == 1 + "".join(earlier.text for earlier in found[:at]).count("\n")
