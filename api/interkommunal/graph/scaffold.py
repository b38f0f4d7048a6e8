"""Makes the first passages file for a new text: one passage a line, quotes filled in, facts left to people.

In: the text and the slug of its source. Out: a TriG file in canonical form whose quotes resolve as they stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from interkommunal.graph.format import format_text
from interkommunal.graph.passages import PassageName
from interkommunal.graph.quotes import SourceText
from interkommunal.namespaces import PASSAGE, PREFIXES

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HEAD = """\
# One block a line of the text. Add below each passage what it says as facts; split a passage (L003.1, L003.2) where
# its sentences say different things; delete blocks without a statement and list their lines in ignored.csv.
"""


def scaffold(text: str, slug: str) -> str:
    """A TriG file with a passage for each non-empty line of ``text``.

    Args:
        text: the text as it will stand in ``text.txt``, with line feeds.
        slug: name of the source's folder: lower-case ASCII letters, digits and hyphens.
    """
    declared = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    return format_text(f"{_HEAD}\n{declared}\n{''.join(_blocks(SourceText(text), slug))}", "trig")


def _blocks(text: SourceText, slug: str) -> Iterator[str]:
    for number, line in enumerate(text.lines, start=1):
        if quote := line.strip():
            name = _written(PassageName(slug, number, number))
            yield (
                f"{name} {{ {name} a ik:Passage ; oa:exact {_quoted(quote)} ; "
                "ik:voice concept:voice-page-text ; ik:status concept:status-asserted . }\n"
            )


def _written(name: PassageName) -> str:
    """The passage as a prefixed name if its source has a prefix, else as an IRI."""
    namespace = f"{PASSAGE}{name.slug}/"
    prefix = next((prefix for prefix, known in PREFIXES.items() if known == namespace), None)
    return f"{prefix}:{name.local}" if prefix else f"<{name.iri}>"


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'
