"""A scaffold for a new text resolves as it stands."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from tests.graph.small import source_description, write

from interkommunal.content import Content
from interkommunal.graph.assemble import assemble
from interkommunal.graph.dataset import Origins
from interkommunal.graph.scaffold import scaffold
from interkommunal.graph.sources import read_source


def test_each_line_with_text_becomes_a_passage() -> None:
    assert scaffold('Titel\n\n  Er sagte: "Ja\\Nein"\t\n', "grundlagen").partition("\n\n")[2] == (
        "@prefix concept: <https://w3id.org/interkommunal/concept/> .\n"
        "@prefix ik: <https://w3id.org/interkommunal/ontology#> .\n"
        "@prefix oa: <http://www.w3.org/ns/oa#> .\n"
        "@prefix p: <https://w3id.org/interkommunal/id/passage/grundlagen/> .\n"
        "\n"
        "p:L001 {\n"
        "    p:L001\n"
        "        a ik:Passage ;\n"
        '        oa:exact "Titel" ;\n'
        "        ik:voice concept:voice-page-text ;\n"
        "        ik:status concept:status-asserted .\n"
        "}\n"
        "\n"
        "p:L003 {\n"
        "    p:L003\n"
        "        a ik:Passage ;\n"
        '        oa:exact "Er sagte: \\"Ja\\\\Nein\\"" ;\n'
        "        ik:voice concept:voice-page-text ;\n"
        "        ik:status concept:status-asserted .\n"
        "}\n"
    )


def test_a_source_without_a_prefix_gets_full_iris() -> None:
    assert "<https://w3id.org/interkommunal/id/passage/bericht/L001> {" in scaffold("Titel\n", "bericht")


def test_an_empty_text_gives_a_file_without_blocks() -> None:
    assert "{" not in scaffold("\n \n", "bericht")


def test_the_scaffold_of_the_shipped_text_resolves(content: Content, small_content: Content) -> None:
    text = (content.data / "sources/grundlagen/text.txt").read_text(encoding="utf-8")
    write(small_content, "data/sources/bericht/text.txt", text)
    description = source_description(text).replace("source:grundlagen", "source:bericht")
    write(small_content, "data/sources/bericht/source.ttl", description)
    write(small_content, "data/sources/bericht/01-all.trig", scaffold(text, "bericht"))
    lines = [line for line in assemble(small_content).coverage if line.slug == "bericht"]
    # Every quote was found, and every line waits for its facts.
    assert len(lines) == 116
    assert {line.status for line in lines} == {"missing"}


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\ufeff"), max_size=80))
def test_the_scaffold_of_any_text_resolves(text: str) -> None:
    with TemporaryDirectory() as folder:
        content = Content(Path(folder))
        base = "data/sources/bericht"
        write(content, f"{base}/text.txt", text)
        write(content, f"{base}/source.ttl", source_description(text).replace("source:grundlagen", "source:bericht"))
        write(content, f"{base}/01-all.trig", scaffold(text, "bericht"))
        source = read_source(content.root / base, content, Origins())
    assert [passage.quote.exact for passage in source.passages] == [
        line.strip() for line in text.split("\n") if line.strip()
    ]
