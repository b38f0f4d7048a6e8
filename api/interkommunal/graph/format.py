"""Brings Turtle, TriG and mapping sets into the one form, so that a difference between versions is one in meaning.

In: the text of a file. Out: the text in canonical form, which says exactly the same triples and has
the same comments: both are compared before it is returned. Formatting twice changes nothing more.

Writes the tree of a Turtle or TriG file in the one form the project uses.

In: a :class:`~interkommunal.graph.syntax.Document`. Out: text with line feeds, 4 spaces a level, sorted prefixes (those
used), one predicate a line and, if there are several, one object a line, so that a new fact is an added line. Only
classes after ``a`` share a line. Order, spelling of strings and comments stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.mapping_set import SUFFIX, parse_mapping_set, write_mapping_set
from interkommunal.graph.parse import parse_text, read_utf8
from interkommunal.graph.reference import authority
from interkommunal.graph.syntax import (
    Block,
    Collection,
    Comment,
    Description,
    Document,
    Entry,
    Object,
    Property,
    Statement,
    Term,
    read_document,
    tokens,
)
from interkommunal.namespaces import expand

WIDTH = 120
STEP = 4
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
_RDF_TYPE = expand("rdf:type")


def write_document(document: Document) -> str:
    """The text of ``document``."""
    return _Writer(document).text()


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.namespaces = {name: iri.text[1:-1] for name, iri in document.prefixes}
        self.used: set[str] = set()

    def text(self) -> str:
        body = list(self._entries(self.document.entries, 0))
        # The prefixes come last, because only then is it known which ones are used.
        parts = [list(self._comments(self.document.head)), list(self._prefixes()), body]
        return "\n\n".join("\n".join(part) for part in parts if part) + "\n"

    def _prefixes(self) -> Iterator[str]:
        if self.document.base:
            yield f"@base {self.document.base.text} ."
        for name in sorted(self.used):
            yield f"@prefix {name}: <{self.namespaces[name]}> ."

    @staticmethod
    def _comments(comments: list[Comment]) -> Iterator[str]:
        for at, comment in enumerate(comments):
            yield comment.text
            if comment.apart and at < len(comments) - 1:
                yield ""

    def _entries(self, entries: list[Entry], indent: int) -> Iterator[str]:
        margin = " " * indent
        for at, entry in enumerate(entries):
            if at and self._apart(entries[at - 1]):
                yield ""
            if isinstance(entry, Comment):
                yield margin + entry.text
            elif isinstance(entry, Block):
                yield margin + (f"{self._flat_node(entry.name)} {{" if entry.name else "{")
                yield from self._entries(entry.entries, indent + STEP)
                yield margin + "}"
            else:
                yield from self._statement(entry, indent)

    @staticmethod
    def _apart(before: Entry) -> bool:
        return before.apart if isinstance(before, Comment) else True

    def _statement(self, statement: Statement, indent: int) -> Iterator[str]:
        margin = " " * indent
        yield from (margin + comment for comment in statement.comments)
        subject = self._node(statement.subject, indent)
        if statement.properties:
            yield margin + subject
            yield from self._properties(statement.properties, indent + STEP, " .")
        else:
            yield f"{margin}{subject} ."

    def _properties(self, properties: list[Property], indent: int, end: str) -> Iterator[str]:
        margin = " " * indent
        for prop in properties:
            yield from (margin + comment for comment in prop.comments)
            last = prop is properties[-1]
            yield margin + self._property(prop, indent) + (end if last else " ;")

    def _property(self, prop: Property, indent: int) -> str:
        """A predicate and its objects, without what ends them; may have several lines."""
        predicate = self._predicate(prop.predicate)
        flat = self._flat(prop.objects, ", ") if predicate == "a" or len(prop.objects) == 1 else None
        if flat is not None and indent + len(predicate) + len(flat) + 3 <= WIDTH:
            return f"{predicate} {flat}"
        if len(prop.objects) == 1:
            return f"{predicate} {self._node(prop.objects[0], indent)}"
        margin = " " * (indent + STEP)
        lines = [predicate]
        for node in prop.objects:
            lines += [margin + comment for comment in node.comments]
            comma = "," if node is not prop.objects[-1] else ""
            lines.append(margin + self._node(node, indent + STEP) + comma)
        return "\n".join(lines)

    def _predicate(self, term: Term) -> str:
        written = self._term(term)
        prefix, _, local = written.partition(":")
        if term.kind == "iri":
            is_type = term.text == f"<{_RDF_TYPE}>"
        else:
            is_type = self.namespaces.get(prefix, "") + local == _RDF_TYPE
        if is_type:
            return "a"
        self._use(written)
        return written

    def _node(self, node: Object, indent: int) -> str:
        """A node, on one line if it fits there, else over several lines that start at ``indent``."""
        flat = self._flat_node(node)
        if flat is not None and (isinstance(node, Term) or indent + len(flat) <= WIDTH - STEP):
            return flat
        margin, inner = " " * indent, " " * (indent + STEP)
        if isinstance(node, Collection):
            lines = ["("]
            for item in node.items:
                lines += [inner + comment for comment in item.comments]
                lines.append(inner + self._node(item, indent + STEP))
            return "\n".join([*lines, *(inner + comment for comment in node.tail), f"{margin})"])
        if isinstance(node, Description):
            lines = ["[", *self._properties(node.properties, indent + STEP, "")]
            return "\n".join([*lines, *(inner + comment for comment in node.tail), f"{margin}]"])
        return self._term_used(node)

    def _flat(self, nodes: Iterable[Object], separator: str) -> str | None:
        """All ``nodes`` on one line, or ``None`` if one of them has comments, several predicates or line breaks."""
        parts: list[str] = []
        for node in nodes:
            part = None if node.comments else self._flat_node(node)
            if part is None or "\n" in part:
                return None
            parts.append(part)
        return separator.join(parts)

    def _flat_node(self, node: Object) -> str | None:
        if isinstance(node, Term):
            return self._term_used(node)
        if node.tail:
            return None
        if isinstance(node, Collection):
            items = self._flat(node.items, " ")
            return None if items is None else f"( {items} )" if items else "()"
        if not node.properties:
            return "[]"
        if len(node.properties) > 1 or node.properties[0].comments or len(node.properties[0].objects) > 1:
            return None
        objects = self._flat(node.properties[0].objects, ", ")
        return None if objects is None else f"[ {self._predicate(node.properties[0].predicate)} {objects} ]"

    def _term_used(self, term: Term) -> str:
        written = self._term(term)
        self._use(self._term(term.datatype) if term.datatype else written)
        return written

    def _use(self, written: str) -> None:
        prefix, colon, _ = written.partition(":")
        if colon and not written.startswith(("<", '"', "_:")):
            self.used.add(prefix)

    def _term(self, term: Term) -> str:
        if term.kind == "iri":
            return self._short(term.text)
        if term.kind == "string":
            datatype = f"^^{self._term(term.datatype)}" if term.datatype else ""
            return f"{_quoted(term.text)}{term.language}{datatype}"
        return term.text

    def _short(self, written: str) -> str:
        """The IRI with the longest declared prefix that leaves a plain local name, else as it is."""
        iri = written[1:-1]
        best = ""
        name = ""
        for prefix, namespace in self.namespaces.items():
            longer = len(namespace) > len(best)
            if longer and iri.startswith(namespace) and _LOCAL.fullmatch(iri[len(namespace) :]):
                best, name = namespace, prefix
        return f"{name}:{iri[len(best) :]}" if best else written


def _quoted(written: str) -> str:
    """A string in double quotes: a long one (three of them) only if it has line breaks; escapes stay as they are."""
    mark = written[:3] if written[:3] in ('"""', "'''") else written[0]
    inner = written[len(mark) : -len(mark)]
    if mark == '"' or (mark == '"""' and "\n" in inner):
        return written
    if mark[0] == "'":
        inner = re.sub(r"\\(.)", lambda match: "'" if match[1] == "'" else match[0], inner, flags=re.DOTALL)
    inner = re.sub(r'(\\.)|"', lambda match: match[1] or '\\"', inner, flags=re.DOTALL)
    return f'"""{inner}"""' if "\n" in inner else f'"{inner}"'


Kind = Literal["turtle", "trig"]
_FORMATS = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG}
_KINDS: dict[str, Kind] = {".ttl": "turtle", ".trig": "trig"}


def kind_of(path: Path) -> Kind | None:
    """What the file holds, by its suffix, or ``None`` if it is neither Turtle nor TriG."""
    return _KINDS.get(path.suffix)


def format_text(text: str, kind: Kind, shown: Path | None = None) -> str:
    """``text`` in canonical form; ``shown`` is the file's name in messages.

    Raises:
        SyntaxProblem: if it does not parse, or if its meaning would change.
        TermError: for a prefix that is not one of the project's.
    """
    name = shown or Path("text")
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    before = parse_text(text, name, _FORMATS[kind]).quads
    formatted = write_document(read_document(text))
    after = parse_text(formatted, name, _FORMATS[kind]).quads
    if _meaning(before) != _meaning(after) or _comments(text) != _comments(formatted):
        raise SyntaxProblem("the file has a form that cannot be laid out without losing something of it", name)
    return formatted


def is_formatted(path: Path) -> bool:
    """Whether the file is of a kind that has one form."""
    return kind_of(path) is not None or path.name.endswith(SUFFIX)


def format_file(text: str, path: Path, shown: Path | None = None) -> str:
    """The text of the file ``path`` in canonical form.

    Raises:
        SyntaxProblem: it is of no kind that has one, or see :func:`format_text` and
            :func:`~interkommunal.graph.mapping_set.format_mapping_set`.
    """
    kind = kind_of(path)
    if kind:
        return format_text(text, kind, shown or path)
    of = authority(path.name.removesuffix(SUFFIX))
    if of is None or not path.name.endswith(SUFFIX):
        raise SyntaxProblem("nothing formats this; mapping sets are called after their authority", shown or path)
    return write_mapping_set(parse_mapping_set(text, shown or path, of))


def misformatted(content: Content) -> Iterator[tuple[Path, str]]:
    """Each Turtle, TriG and SSSOM file of the data, the ontology and the shapes that is not in the form,
    and its text in it.

    Raises:
        SourceError: for a file that cannot be formatted (see :func:`format_text`).
    """
    for folder in (content.data, content.ontology, content.shapes):
        for path in sorted(folder.rglob("*")):
            if is_formatted(path):
                shown = content.shown(path)
                text = read_utf8(path, shown)
                if (formatted := format_file(text, path, shown)) != text:
                    yield path, formatted


def _comments(text: str) -> list[str]:
    return sorted(token.text.rstrip() for token in tokens(text) if token.kind == "comment")


def _meaning(quads: tuple[ox.Quad, ...]) -> set[ox.Quad]:
    """The quads with canonical labels for blank nodes, comparable between two readings of a file."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)
