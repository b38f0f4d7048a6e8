"""The canonical form of Turtle and TriG: what it looks like, and that it loses nothing."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.graph.small import write

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem, TermError
from interkommunal.graph.format import Kind, format_text, kind_of, misformatted
from interkommunal.graph.scaffold import scaffold
from interkommunal.graph.syntax import tokens

CITY = "@prefix city: <https://w3id.org/interkommunal/id/city/> .\n"
IK = "@prefix ik: <https://w3id.org/interkommunal/ontology#> .\n"
RDFS = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
SCHEMA = "@prefix schema: <https://schema.org/> .\n"
XSD = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
ALL = CITY + IK + RDFS + SCHEMA + XSD


def formatted(body: str, kind: Kind = "turtle") -> str:
    """The canonical form of ``body`` without the prefixes it needs."""
    text = format_text(ALL + body, kind)
    return "\n".join(line for line in text.split("\n") if not line.startswith("@prefix")).strip("\n")


def meaning(text: str, kind: Kind) -> set[ox.Quad]:
    dataset = ox.Dataset(ox.parse(text, format={"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG}[kind]))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def comments(text: str) -> list[str]:
    return sorted(token.text.rstrip() for token in tokens(text) if token.kind == "comment")


def test_each_predicate_has_a_line() -> None:
    assert formatted('city:essen a ik:City;schema:name "Essen"@de.') == (
        'city:essen\n    a ik:City ;\n    schema:name "Essen"@de .'
    )


def test_several_objects_have_a_line_each() -> None:
    assert formatted('city:essen rdfs:label "Essen"@de , "Essen"@en .') == (
        'city:essen\n    rdfs:label\n        "Essen"@de,\n        "Essen"@en .'
    )


def test_classes_share_a_line_while_it_is_short() -> None:
    assert formatted("city:essen a ik:City,schema:City .") == "city:essen\n    a ik:City, schema:City ."
    classes = [f"ik:AClassWithAVeryLongName{number}" for number in range(5)]
    assert formatted(f"city:essen a {','.join(classes)} .") == (
        "city:essen\n    a\n        " + ",\n        ".join(classes) + " ."
    )


def test_prefixes_are_sorted_and_unused_ones_go() -> None:
    assert format_text(f'{XSD}{SCHEMA}{CITY}city:essen schema:position "1"^^xsd:byte .', "turtle").startswith(
        CITY + SCHEMA + XSD + "\n"
    )
    assert format_text(f"{XSD}{SCHEMA}{CITY}city:essen schema:position 1 .", "turtle").startswith(CITY + SCHEMA + "\n")


def test_other_spellings_of_prefixes_become_one() -> None:
    text = "PREFIX city: <https://w3id.org/interkommunal/id/city/>\nprefix schema: <https://schema.org/>\n"
    assert format_text(f"{text}city:a schema:url city:b .", "turtle") == (
        f"{CITY}{SCHEMA}\ncity:a\n    schema:url city:b .\n"
    )


def test_iris_get_the_prefix_that_is_declared() -> None:
    text = "<https://w3id.org/interkommunal/id/city/essen> <https://schema.org/url> <https://essen.de/> ."
    assert formatted(text) == "city:essen\n    schema:url <https://essen.de/> ."


def test_iris_whose_rest_is_no_plain_name_stay() -> None:
    for iri in ("https://schema.org/a/b", "https://schema.org/", "https://schema.org/a.", "https://schema.org/#a"):
        assert formatted(f"city:a schema:url <{iri}> .") == f"city:a\n    schema:url <{iri}> ."


def test_the_type_is_written_a() -> None:
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    assert formatted(f"{rdf}city:a rdf:type ik:City .") == "city:a\n    a ik:City ."
    assert formatted("city:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ik:City .") == "city:a\n    a ik:City ."


def test_blocks_are_indented_and_stand_apart() -> None:
    text = 'GRAPH city:g {city:a schema:name "x". city:b schema:name "y"} city:h { }'
    assert formatted(text, "trig") == (
        'city:g {\n    city:a\n        schema:name "x" .\n\n    city:b\n        schema:name "y" .\n}\n\ncity:h {\n}'
    )


def test_statements_outside_blocks_stay_outside() -> None:
    assert formatted("{ city:a schema:url city:b } city:c schema:url city:d .", "trig") == (
        "{\n    city:a\n        schema:url city:b .\n}\n\ncity:c\n    schema:url city:d ."
    )


def test_order_stays() -> None:
    text = "city:b\n    schema:url city:x ;\n    a ik:City .\n\ncity:a\n    schema:url city:y ."
    assert formatted(text) == text


def test_lists_and_short_descriptions_stay_on_a_line() -> None:
    assert formatted("city:a schema:url ( city:b (1 2) [] [ schema:name 'x' ] ()) .") == (
        'city:a\n    schema:url ( city:b ( 1 2 ) [] [ schema:name "x" ] () ) .'
    )


def test_long_descriptions_and_lists_are_opened() -> None:
    assert formatted("city:a schema:url [ a ik:City ; schema:about ( [ a ik:City ; schema:name 1 ] city:b ) ] .") == (
        "city:a\n"
        "    schema:url [\n"
        "        a ik:City ;\n"
        "        schema:about (\n"
        "            [\n"
        "                a ik:City ;\n"
        "                schema:name 1\n"
        "            ]\n"
        "            city:b\n"
        "        )\n"
        "    ] ."
    )


def test_a_description_may_be_the_subject() -> None:
    assert formatted("[] a ik:City .") == "[]\n    a ik:City ."
    assert formatted("[ a ik:City ; schema:name 1 ] .") == "[\n    a ik:City ;\n    schema:name 1\n] ."


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("'a'", '"a"'),
        ("'say \"a\"'", r'"say \"a\""'),
        (r"'it\'s'", '"it\'s"'),
        ('"""one line"""', '"one line"'),
        ('"""say "a" here"""', r'"say \"a\" here"'),
        ("'''two\nlines'''", '"""two\nlines"""'),
        ('"""two\n  lines"""', '"""two\n  lines"""'),
        (r'"two\nlines"', r'"two\nlines"'),
        (r'"\u00e4 \t \\ é"', r'"\u00e4 \t \\ é"'),
        ("'''a\n\"\"\"b'''", '"""a\n\\"\\"\\"b"""'),
        ('"a"@de-DE', '"a"@de-DE'),
        ('"1"^^<http://www.w3.org/2001/XMLSchema#byte>', '"1"^^xsd:byte'),
        ("007", "007"),
        ("1.50", "1.50"),
        ("-1E3", "-1E3"),
        ("true", "true"),
    ],
)
def test_literals_keep_what_they_say(written: str, canonical: str) -> None:
    assert formatted(f"city:a schema:text {written} .") == f"city:a\n    schema:text {canonical} ."


def test_comments_on_their_own_lines_stay_above_what_they_stand_above() -> None:
    text = """\
# About the file.

# Section one.

# About a.
city:a
    # About the type.
    a ik:City ;
    rdfs:label
        # About the label.
        "A"@de,
        "A"@en .

# The end."""
    assert formatted(text) == text


def test_comments_in_blocks_stay_in_them() -> None:
    text = "city:g {\n    # About a.\n    city:a\n        schema:url city:b .\n\n    # The end of g.\n}\n\n# After g."
    assert formatted(text, "trig") == text


def test_comments_behind_something_go_above_it() -> None:
    assert formatted("city:a # the city\n    a ik:City ; # its type\n    schema:url city:b . # its link\n") == (
        "# the city\ncity:a\n    # its type\n    a ik:City ;\n    # its link\n    schema:url city:b ."
    )
    assert formatted("city:a rdfs:label 'A'@de , # German\n    'A'@en . # English\n") == (
        'city:a\n    rdfs:label\n        # German\n        "A"@de,\n        # English\n        "A"@en .'
    )


@pytest.mark.parametrize("at", range(1, 24))
def test_a_comment_is_kept_wherever_it_stands(at: int) -> None:
    before = "@prefix city: <https://w3id.org/interkommunal/id/city/> . GRAPH city:g { city:a a"
    parts = f"{before} city:b , [ city:p ( 1 'x' ^^ city:t ) ] ; . }}".split()
    for comment in (" # kept\n", "\n# kept\n"):
        text = " ".join(parts[:at]) + comment + " ".join(parts[at:])
        result = format_text(text, "trig")
        assert comments(result) == ["# kept"]
        assert meaning(result, "trig") == meaning(text, "trig")
        assert format_text(result, "trig") == result


def test_a_head_without_statements_stays() -> None:
    assert format_text("# Nothing yet.\n", "turtle") == "# Nothing yet.\n"
    assert format_text("", "turtle") == "\n"


def test_carriage_returns_and_a_byte_order_mark_go() -> None:
    assert format_text(f"\ufeff{CITY}{SCHEMA}\r\ncity:a schema:url city:b .\r\n", "turtle") == (
        f"{CITY}{SCHEMA}\ncity:a\n    schema:url city:b .\n"
    )


def test_a_file_that_does_not_parse_is_refused_with_its_place() -> None:
    with pytest.raises(SyntaxProblem, match=r"^x\.ttl:3: "):
        format_text(f"{CITY}{SCHEMA}city:a schema:url city:b", "turtle", Path("x.ttl"))
    with pytest.raises(TermError, match=r"^x\.ttl:1: prefix ex: is not one of the project's"):
        format_text("@prefix ex: <http://example.org/> .\n", "turtle", Path("x.ttl"))


def test_the_suffix_tells_the_kind() -> None:
    assert [kind_of(Path(name)) for name in ("a.ttl", "a.trig", "a.csv")] == ["turtle", "trig", None]


def test_the_shipped_files_lose_nothing(content: Content) -> None:
    paths = [path for folder in ("data", "ontology", "shapes") for path in (content.root / folder).rglob("*")]
    checked = 0
    for path in paths:
        if kind := kind_of(path):
            text = path.read_text(encoding="utf-8")
            result = format_text(text, kind, path)
            assert meaning(result, kind) == meaning(text, kind)
            assert comments(result) == comments(text)
            assert format_text(result, kind, path) == result
            checked += 1
    assert checked > 15


def test_files_that_are_not_in_the_form_are_found(small_content: Content) -> None:
    for path, text in misformatted(small_content):
        path.write_text(text, encoding="utf-8")
    assert list(misformatted(small_content)) == []
    path = write(small_content, "data/editorial/labels.trig", f"{SCHEMA}{CITY}city:a {{ city:a schema:url city:b }}\n")
    assert list(misformatted(small_content)) == [
        (path, f"{CITY}{SCHEMA}\ncity:a {{\n    city:a\n        schema:url city:b .\n}}\n")
    ]


def test_a_scaffold_is_in_the_form() -> None:
    text = scaffold("Eine Zeile\n\n  Noch „eine“\n", "grundlagen")
    assert format_text(text, "trig") == text


NAMES = st.sampled_from(
    ["city:a", "city:b-c", "schema:url", "<https://schema.org/x>", "<urn:x:y>", "city:", "city:a.b"]
)
SPACES = st.sampled_from([" ", "\n", "\t", " # note\n", "\n\n# own line\n", "\n  # one\n# two\n\n"])
INNER = st.text(alphabet="ab \"'ä#.{};\\\n\t", max_size=8)


def quoted(inner: str, mark: str) -> str:
    escaped = inner.replace("\\", "\\\\").replace(mark[0], f"\\{mark[0]}")
    return mark + (escaped if len(mark) == 3 else escaped.replace("\n", "\\n")) + mark


STRINGS = st.builds(quoted, INNER, st.sampled_from(['"', "'", '"""', "'''"]))
LITERALS = st.one_of(
    STRINGS,
    st.builds("{}@{}".format, STRINGS, st.sampled_from(["de", "en-GB"])),
    st.builds("{}^^{}".format, STRINGS, NAMES.filter(lambda name: name != "city:")),
    st.sampled_from(["1", "-2.50", "3e4", "true"]),
)


def spaced(parts: list[str], spaces: list[str]) -> str:
    return "".join(part + spaces[at % len(spaces)] for at, part in enumerate(parts))


def description(objects: list[str]) -> str:
    return "[ " + " ; ".join(f"schema:p{at} {node}" for at, node in enumerate(objects)) + " ]"


OBJECTS = st.recursive(
    st.one_of(NAMES, LITERALS, st.just("_:b")),
    lambda nodes: st.one_of(
        st.lists(nodes, max_size=3).map(lambda items: f"( {' '.join(items)} )"),
        st.lists(nodes, max_size=3).map(description),
    ),
    max_leaves=6,
)
STATEMENTS = st.builds(
    lambda subject, objects, spaces: spaced(
        [subject, "schema:p", " , ".join(objects), ";", "a", "ik:City", "."], spaces
    ),
    NAMES,
    st.lists(OBJECTS, min_size=1, max_size=3),
    st.lists(SPACES, min_size=1, max_size=4),
)


@given(st.lists(STATEMENTS, max_size=4), st.lists(STATEMENTS, max_size=3))
def test_any_file_keeps_its_meaning_and_its_comments(outside: list[str], inside: list[str]) -> None:
    text = "\n".join([ALL, *outside, "city:g {", *inside, "}"])
    result = format_text(text, "trig")
    assert meaning(result, "trig") == meaning(text, "trig")
    assert comments(result) == comments(text)
    assert format_text(result, "trig") == result


def test_a_mapping_set_out_of_order_is_put_in_order(content: Content, tmp_path: Path) -> None:
    for folder in ("ontology", "shapes"):
        (tmp_path / folder).mkdir()
    path = tmp_path / "data" / "links" / "nuts.sssom.tsv"
    path.parent.mkdir(parents=True)
    text = (content.data / "links" / "nuts.sssom.tsv").read_text(encoding="utf-8")
    *rest, last = text.splitlines(keepends=True)
    first = next(number for number, line in enumerate(rest) if line.startswith("subject_id\t")) + 1
    path.write_text("".join([*rest[:first], last, *rest[first:]]), encoding="utf-8")

    assert list(misformatted(Content(tmp_path))) == [(path, text)]
