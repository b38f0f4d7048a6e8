"""A file that nobody would read is refused."""

from __future__ import annotations

import pytest
from tests.graph.small import write

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.graph.assemble import assemble


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "data/sources/grundlagen/02-more.ttl",
            "nothing reads this; files here are *.trig, text.txt, source.ttl, ignored.csv and notes (*.md)",
        ),
        ("data/sources/grundlagen/more/03.trig", None),
        ("data/sources/more.trig", "nothing reads this; each source has a folder of its own here"),
        ("data/editorial/more.ttl", "nothing reads this; files here are *.trig and notes (*.md)"),
        (
            "data/reference/more.xlsx",
            "nothing reads this; files here are *.csv, properties.csv, ruhr-boundaries.geojson and notes (*.md)",
        ),
        ("shapes/more.trig", "nothing reads this; files here are *.ttl and notes (*.md)"),
        ("queries/derive/20-more.sparql", "nothing reads this; files here are *.rq and notes (*.md)"),
    ],
)
def test_a_file_in_the_wrong_place_is_named(small_content: Content, path: str, message: str | None) -> None:
    write(small_content, path, "")
    with pytest.raises(SourceError) as caught:
        assemble(small_content)
    named = path if message else "data/sources/grundlagen/more"
    assert caught.value.file is not None
    assert caught.value.file.as_posix() == named
    assert message is None or caught.value.message == message


def test_notes_and_hidden_files_may_lie_anywhere(small_content: Content) -> None:
    before = len(assemble(small_content).dataset)
    for folder in ("data/sources", "data/sources/grundlagen", "data/editorial", "data/reference", "shapes"):
        write(small_content, f"{folder}/README.md", "# Note\n")
        write(small_content, f"{folder}/.hidden", "")
    assert len(assemble(small_content).dataset) == before
