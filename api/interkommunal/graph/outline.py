"""Where the blocks, subjects and prefixes of a Turtle or TriG file stand.

In: the text of a file. Out: an :class:`Outline` with line numbers, which RDF parsers do not give. It is a light scan:
it looks at the beginning of each statement only and leaves the rest to the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from interkommunal.graph.tokens import Token, tokens

_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Written:
    """Something written at a line: a block, a prefix, a subject."""

    name: str
    line: int


@dataclass
class Outline:
    """What stands where. ``graph`` of a subject is ``None`` outside every block; lines are 1-based."""

    prefixes: dict[str, str] = field(default_factory=dict)
    prefix_lines: list[tuple[str, str, int]] = field(default_factory=list)
    used_prefixes: dict[str, int] = field(default_factory=dict)
    blocks: list[Written] = field(default_factory=list)
    subjects: list[tuple[str, str | None, int]] = field(default_factory=list)
    blank_lines: list[int] = field(default_factory=list)


def outline(text: str) -> Outline:
    """The outline of the Turtle or TriG ``text``; on broken syntax what could be made out."""
    return _Scan(text).run()


class _Scan:
    def __init__(self, text: str) -> None:
        self.result = Outline()
        self.base = ""
        self.graph: str | None = None
        self.stream: Iterator[Token] = (t for t in tokens(text) if t.kind not in ("space", "comment"))

    def run(self) -> Outline:
        for token in self.stream:
            if token.kind == "directive" or (token.kind == "word" and token.text.lower() in ("prefix", "base")):
                self._directive(token)
            elif token.text == "}":
                self.graph = None
            elif token.text in ("{", ".") or token.kind == "word":
                continue
            else:
                self._statement(token)
        return self.result

    def _directive(self, token: Token) -> None:
        if token.text.lower().endswith("base"):
            iri = next(self.stream, None)
            if iri and iri.kind == "iri":
                self.base = self._iri(iri)
            return
        name, iri = next(self.stream, None), next(self.stream, None)
        if name and iri and name.kind == "name" and iri.kind == "iri":
            prefix = name.text.removesuffix(":")
            self.result.prefixes[prefix] = self._iri(iri)
            self.result.prefix_lines.append((prefix, self._iri(iri), token.line))

    def _statement(self, subject: Token) -> None:
        """One statement, or the head of a block: a first token that a brace follows names a graph."""
        self._note(subject)
        depth = 1 if subject.text in ("[", "(") else 0
        first = True
        for token in self.stream:
            if depth == 0 and token.text == "{" and first:
                self.graph = self._node(subject)
                self.result.blocks.append(Written(self.graph, subject.line))
                return
            if first and subject.kind in ("iri", "name"):
                self.result.subjects.append((self._node(subject), self.graph, subject.line))
            first = False
            self._note(token)
            if token.kind != "mark":
                continue
            depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(token.text, 0)
            if depth == 0 and token.text in (".", "}"):
                if token.text == "}":
                    self.graph = None
                return

    def _note(self, token: Token) -> None:
        if token.kind == "name":
            self.result.used_prefixes.setdefault(token.text.partition(":")[0], token.line)
        elif token.kind == "blank" or token.text in ("[", "("):
            self.result.blank_lines.append(token.line)

    def _node(self, token: Token) -> str:
        if token.kind == "iri":
            return self._iri(token)
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            return self.result.prefixes.get(prefix, f"{prefix}:") + _LOCAL_ESCAPE.sub(r"\1", local)
        return token.text

    def _iri(self, token: Token) -> str:
        iri = _UNICODE.sub(lambda match: chr(int(match[1] or match[2], 16)), token.text[1:-1])
        return urljoin(self.base, iri) if self.base and "://" not in iri else iri
