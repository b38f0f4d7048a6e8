"""Reads a Turtle or TriG file that people write.

In: a path. Out: a :class:`ParsedFile` with its quads and with the lines at which blocks and subjects stand. Every error
names file and line. Prefixes must be the project's (``namespaces.PREFIXES``): a right prefix with a wrong namespace is
a fault that no parser notices.

Where the blocks, subjects and prefixes of a Turtle or TriG file stand.

In: the text of a file. Out: an :class:`Outline` with line numbers, which RDF parsers do not give. It is a light scan:
it looks at the beginning of each statement only and leaves the rest to the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox

from interkommunal.errors import SourceError, SyntaxProblem, TermError
from interkommunal.graph.dataset import Origins, Place
from interkommunal.graph.syntax import Token, tokens
from interkommunal.namespaces import PREFIXES

_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass
class Outline:
    """What stands where. ``graph`` of a subject is ``None`` outside every block; lines are 1-based."""

    prefixes: dict[str, str] = field(default_factory=dict)
    prefix_lines: list[tuple[str, str, int]] = field(default_factory=list)
    used_prefixes: dict[str, int] = field(default_factory=dict)
    blocks: list[tuple[str, int]] = field(default_factory=list)
    subjects: list[tuple[str, str | None, int]] = field(default_factory=list)
    blank_lines: list[int] = field(default_factory=list)


def outline(text: str) -> Outline:
    """The outline of the Turtle or TriG ``text``; on broken syntax what could be made out."""
    scan = _Scan(text)
    for token in scan.stream:
        if token.kind == "directive" or (token.kind == "word" and token.text.lower() in ("prefix", "base")):
            scan.directive(token)
        elif token.text == "}":
            scan.graph = None
        elif token.text not in ("{", ".") and token.kind != "word":
            scan.statement(token)
    return scan.result


class _Scan:
    def __init__(self, text: str) -> None:
        self.result = Outline()
        self.base = ""
        self.graph: str | None = None
        self.stream: Iterator[Token] = (t for t in tokens(text) if t.kind not in ("space", "comment"))

    def directive(self, token: Token) -> None:
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

    def statement(self, subject: Token) -> None:
        """One statement, or the head of a block: a first token that a brace follows names a graph."""
        self._note(subject)
        depth = 1 if subject.text in ("[", "(") else 0
        first = True
        for token in self.stream:
            if depth == 0 and token.text == "{" and first:
                self.graph = self._node(subject)
                self.result.blocks.append((self.graph, subject.line))
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


_PARSER_MESSAGE = re.compile(r"^Parser error at .*?: (?=\S)", re.DOTALL)
_FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".trig": ox.RdfFormat.TRIG}


@dataclass(frozen=True)
class ParsedFile:
    """The quads of a file as written, without duplicates, in their order; ``file`` is relative to the content root."""

    file: Path
    quads: tuple[ox.Quad, ...]
    outline: Outline

    def place(self, line: int) -> Place:
        """The line ``line`` of this file."""
        return Place(self.file, line)

    def line_of(self, subject: str, graph: str | None = None) -> int:
        """The first line at which ``subject`` is written (in ``graph``), or 1 where the scan did not see it."""
        for name, block, line in self.outline.subjects:
            if name == subject and (graph is None or block == graph):
                return line
        return 1

    def refuse_outside(self, message: str) -> None:
        """Refuse a statement outside every block.

        Raises:
            SyntaxProblem: with ``message``, where the first one is.
        """
        if any(isinstance(quad.graph_name, ox.DefaultGraph) for quad in self.quads):
            line = next((line for _, graph, line in self.outline.subjects if graph is None), None)
            raise SyntaxProblem(message, self.file, line)

    def remember(self, origins: Origins, graph: str | None = None) -> None:
        """Tell ``origins`` where the subjects stand; ``graph`` is the graph of a file that has no blocks."""
        for name, line in self.outline.blocks:
            origins.add_graph(name, self.place(line))
        if graph is not None:
            origins.add_graph(graph, self.place(1))
        for subject, block, line in self.outline.subjects:
            if in_graph := block or graph:
                origins.add_subject(subject, in_graph, self.place(line))


def read_utf8(path: Path, shown: Path) -> str:
    """The text of ``path``.

    Raises:
        SourceError: if it cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"the file is not UTF-8 (byte {error.start}); save it as UTF-8", shown) from None
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", shown) from None


def parse_file(path: Path, shown: Path) -> ParsedFile:
    """The file ``path`` (``.ttl`` or ``.trig``), named ``shown`` in messages.

    Raises:
        SyntaxProblem: if it does not parse.
        TermError: for an undeclared prefix, or one that has another namespace than ``namespaces.PREFIXES``.
    """
    return parse_text(read_utf8(path, shown), shown, _FORMATS[path.suffix])


def parse_text(text: str, shown: Path, rdf_format: ox.RdfFormat) -> ParsedFile:
    """Like :func:`parse_file`, for a text already read."""
    if text.startswith("\ufeff"):
        raise SyntaxProblem("the file starts with a byte order mark; save it as UTF-8 without one", shown, 1)
    found = outline(text)
    _check_prefixes(found, shown)
    try:
        quads = tuple(dict.fromkeys(ox.parse(text, format=rdf_format)))
    except SyntaxError as error:
        line = error.lineno if error.lineno and error.lineno > 0 else None
        message = _PARSER_MESSAGE.sub("", str(error.msg)).strip() or "the file does not parse"
        raise SyntaxProblem(f"{message} (column {error.offset})", shown, line) from None
    return ParsedFile(shown, quads, found)


def refuse_blank_nodes(parsed: ParsedFile) -> None:
    """Blank nodes are for the vocabulary only: in data they would tear across graphs.

    Raises:
        SyntaxProblem: at the first one.
    """
    if any(isinstance(term, ox.BlankNode) for quad in parsed.quads for term in (*quad.triple, quad.graph_name)):
        line = parsed.outline.blank_lines[0] if parsed.outline.blank_lines else None
        message = "data must have no blank nodes ([ ], ( ) or _:x); give the thing an IRI"
        raise SyntaxProblem(message, parsed.file, line)


def _check_prefixes(found: Outline, shown: Path) -> None:
    for prefix, namespace, line in found.prefix_lines:
        if (expected := PREFIXES.get(prefix)) is None:
            message = f"prefix {prefix}: is not one of the project's; use a listed one or add it to namespaces.py"
            raise TermError(message, shown, line)
        if namespace != expected:
            raise TermError(f"prefix {prefix}: stands for <{expected}> here, not for <{namespace}>", shown, line)
    for prefix, line in found.used_prefixes.items():
        if prefix not in found.prefixes:
            known = f"add @prefix {prefix}: <{PREFIXES[prefix]}> ." if prefix in PREFIXES else "check its spelling"
            raise TermError(f"prefix {prefix}: is not declared; {known}", shown, line)
