r"""Reads Turtle and TriG into a tree that keeps order, spelling and comments, which an RDF parser throws away.

In: text that an RDF parser has accepted. Out: a :class:`Document`. ``format`` writes it anew. Source of the grammar:
RDF 1.1 Turtle, section 6.5, and RDF 1.1 TriG, section 4.5.

A comment belongs to what it stands above; one at the end of a line to what it stands behind.

Splits Turtle and TriG into tokens that remember their place.

In: the text of a file. Out: every character of it in some token, comments and white space included, so that joining the
tokens gives the file back. ``parse`` finds blocks and subjects with it. It judges
nothing: what is wrong with a file, the real parser says.

Source of the patterns: RDF 1.1 Turtle, section 6.5; ``\w`` stands for PN_CHARS, which is a little more generous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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


@dataclass
class Term:
    """An IRI, name, blank label or literal; ``text`` as written, ``datatype`` and ``language`` as written behind it."""

    kind: str
    text: str
    language: str = ""
    datatype: Term | None = None
    comments: list[str] = field(default_factory=list)


@dataclass
class Collection:
    """``( … )``; ``tail`` are comments before the closing bracket."""

    items: list[Object]
    tail: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass
class Description:
    """``[ … ]``; ``tail`` are comments before the closing bracket."""

    properties: list[Property]
    tail: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


Object = Term | Collection | Description


@dataclass
class Property:
    """A predicate with its objects."""

    predicate: Term
    objects: list[Object]
    comments: list[str] = field(default_factory=list)


@dataclass
class Statement:
    """A subject with its properties, which are none only if the subject is a description."""

    subject: Object
    properties: list[Property]
    comments: list[str] = field(default_factory=list)


@dataclass
class Comment:
    """A comment on lines of its own; ``apart`` if a blank line follows it."""

    text: str
    apart: bool = False


@dataclass
class Block:
    """A graph block; ``name`` is ``None`` for ``{ … }`` without one."""

    name: Object | None
    entries: list[Entry] = field(default_factory=list)


Entry = Statement | Comment | Block


@dataclass
class Document:
    """A file: comments above its prefixes, the prefixes as (name, IRI term), the base, and what follows."""

    head: list[Comment] = field(default_factory=list)
    prefixes: list[tuple[str, Term]] = field(default_factory=list)
    base: Term | None = None
    entries: list[Entry] = field(default_factory=list)


def read_document(text: str) -> Document:
    """The tree of ``text``, which must be valid Turtle or TriG."""
    return _Reader(text).document()


class _Reader:
    """Recursive descent over the tokens; comments pass through :meth:`_comment` whenever a token is taken."""

    def __init__(self, text: str) -> None:
        self._stream = tuple(_significant(text))
        self._at = 0
        # Comments that wait for the next thing below them, and the thing that a comment behind it belongs to.
        self._waiting: list[Comment] = []
        self._last: Term | Collection | Description | Property | Statement | None = None
        self._skip_comments()

    def document(self) -> Document:
        result = Document()
        while not self._ended():
            token = self._peek()
            if token.kind == "directive" or token.text.lower() in ("prefix", "base"):
                if not result.prefixes and result.base is None and not result.entries:
                    result.head += self._take_waiting()
                self._directive(result)
            else:
                self._entry(result.entries)
        result.entries += self._take_waiting()
        return result

    def _directive(self, result: Document) -> None:
        keyword = self._take().text.lower()
        name = self._take().text.removesuffix(":") if keyword.endswith("prefix") else None
        iri = self._term()
        self._waiting += [Comment(text) for text in _drop_comments(iri)]
        self._last = None
        if name is None:
            result.base = iri
        elif (name, iri.text) not in [(known, term.text) for known, term in result.prefixes]:
            result.prefixes.append((name, iri))
        if keyword.startswith("@"):
            self._take()

    def _entry(self, entries: list[Entry]) -> None:
        """A statement or a block, with the comments above it."""
        entries += self._take_waiting()
        if self._peek().text.lower() == "graph" and self._peek().kind == "word":
            self._take()
        if self._peek().text == "{":
            entries.append(self._block(None))
            return
        subject = self._object()
        if not self._ended() and self._peek().text == "{":
            entries.append(self._block(subject))
            return
        statement = Statement(subject, [])
        statement.comments += _drop_comments(subject)
        self._last = statement
        statement.properties = self._properties()
        entries.append(statement)
        if not self._ended() and self._peek().text == ".":
            self._take()
        self._last = None

    def _block(self, name: Object | None) -> Block:
        block = Block(name)
        if name is not None:
            # A comment between the name and the brace goes into the block.
            block.entries += [Comment(text) for text in _drop_comments(name)]
        self._last = None
        self._take()
        while self._peek().text != "}":
            self._entry(block.entries)
        block.entries += self._take_waiting()
        self._take()
        return block

    def _properties(self) -> list[Property]:
        """Properties up to ``.``, ``]`` or ``}``; each takes the comments above it."""
        properties: list[Property] = []
        while not self._ended() and self._peek().text not in (".", "]", "}"):
            if self._peek().text == ";":
                self._take()
                continue
            comments = self._waiting_texts()
            predicate = self._term()
            made = Property(predicate, [], comments)
            made.comments += _drop_comments(predicate)
            self._last = made
            made.objects = self._objects()
            if len(made.objects) == 1:
                # Below a single object there is no line of its own for its comment.
                self._last = made
                made.comments += _drop_comments(made.objects[0])
            properties.append(made)
            self._take_separator(made)
        return properties

    def _take_separator(self, made: Property) -> None:
        if not self._ended() and self._peek().text in (";", "."):
            if len(made.objects) == 1:
                self._last = made
            if self._peek().text == ";":
                self._take()

    def _objects(self) -> list[Object]:
        objects = [self._object()]
        while not self._ended() and self._peek().text == ",":
            self._take()
            objects.append(self._object())
        return objects

    def _object(self) -> Object:
        comments = self._waiting_texts()
        mark = self._peek().text
        made: Object
        if mark == "(":
            made = self._collection()
        elif mark == "[":
            made = self._description()
        else:
            made = self._term()
        made.comments[:0] = comments
        return made

    def _collection(self) -> Collection:
        made = Collection([])
        self._take()
        while self._peek().text != ")":
            made.items.append(self._object())
        made.tail = self._waiting_texts()
        self._last = made
        self._take()
        return made

    def _description(self) -> Description:
        made = Description([])
        self._last = made
        self._take()
        made.properties = self._properties()
        made.tail = self._waiting_texts()
        self._last = made
        self._take()
        return made

    def _term(self) -> Term:
        token = self._peek()
        made = Term(token.kind, token.text)
        self._last = made
        self._take()
        if made.kind == "string" and not self._ended():
            following = self._peek()
            if following.kind == "language":
                made.language = following.text
                self._take()
            elif following.kind == "datatype":
                self._take()
                made.datatype = Term(self._peek().kind, self._peek().text)
                self._take()
        return made

    def _ended(self) -> bool:
        return self._at >= len(self._stream)

    def _peek(self) -> Token:
        return self._stream[self._at]

    def _take(self) -> Token:
        token = self._stream[self._at]
        self._at += 1
        self._skip_comments()
        return token

    def _skip_comments(self) -> None:
        while self._at < len(self._stream) and self._stream[self._at].kind == "comment":
            comment = self._stream[self._at]
            behind = self._at > 0 and _last_line(self._stream[self._at - 1]) == comment.line
            text = comment.text.rstrip()
            if behind and self._last is not None:
                self._last.comments.append(text)
            else:
                following = self._stream[self._at + 1] if self._at + 1 < len(self._stream) else None
                self._waiting.append(Comment(text, following is not None and following.line > comment.line + 1))
            self._at += 1

    def _take_waiting(self) -> list[Comment]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def _waiting_texts(self) -> list[str]:
        return [comment.text for comment in self._take_waiting()]


def _significant(text: str) -> Iterator[Token]:
    return (token for token in tokens(text) if token.kind != "space")


def _last_line(token: Token) -> int:
    return token.line + token.text.count("\n")


def _drop_comments(node: Object) -> list[str]:
    comments, node.comments = node.comments, []
    return comments
