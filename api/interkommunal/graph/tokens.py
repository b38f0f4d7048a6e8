r"""Splits Turtle and TriG into tokens that remember their place.

In: the text of a file. Out: every character of it in some token, comments and white space included, so that joining the
tokens gives the file back. ``outline`` finds blocks and subjects with it, ``format`` lays files out anew. It judges
nothing: what is wrong with a file, the real parser says.

Source of the patterns: RDF 1.1 Turtle, section 6.5; ``\w`` stands for PN_CHARS, which is a little more generous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PATTERNS = {
    "space": r"[ \t\r\n]+",
    "comment": r"#[^\r\n]*",
    "string": (
        r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
        r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
        r'|"(?:[^"\\\r\n]|\\.)*"'
        r"|'(?:[^'\\\r\n]|\\.)*'"
    ),
    "iri": r"<(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>",
    "directive": r"@(?:prefix|base)\b(?!-)",
    "language": r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*",
    "datatype": r"\^\^",
    "blank": r"_:\w(?:[\w.\-·]*[\w\-·])?",
    "name": (
        r"(?:[^\W\d_](?:[\w.\-·]*[\w\-·])?)?:"
        rf"(?:(?:[\w:]|{_ESCAPED})(?:(?:[\w.:\-·]|{_ESCAPED})*(?:[\w:\-·]|{_ESCAPED}))?)?"
    ),
    "number": r"[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+)",
    "word": r"[A-Za-z]+",
    "mark": r"[.,;\[\](){}]",
    "other": r".",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()), re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a file; ``line`` is 1-based, ``kind`` a key of the patterns above (``other`` fits no pattern)."""

    kind: str
    text: str
    line: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of ``text`` in order, without gaps."""
    line = 1
    for match in _TOKEN.finditer(text):
        piece = match.group()
        yield Token(match.lastgroup or "other", piece, line)
        line += piece.count("\n")
