"""Where the parts of a query stand in its text, and its outermost WHERE cut into patterns that can be asked alone.

In: the tokens of a query. Out: places of variables, IRIs, strings and FILTERs; and :class:`Pattern`, slices of text.
A list of properties (``;``) and of values (``,``) becomes one pattern a triple.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from interkommunal.sparql.explain.finding import Place
from interkommunal.sparql.tokens import Kind, Token, position, tokens

_OPEN: Final = {"{": "}", "(": ")", "[": "]"}
_CLOSE: Final = frozenset(_OPEN.values())
_PARTS: Final = frozenset(("FILTER", "OPTIONAL", "MINUS", "BIND", "VALUES", "GRAPH", "SERVICE"))

Sort = Literal[
    "triple", "FILTER", "OPTIONAL", "MINUS", "BIND", "VALUES", "GRAPH", "SERVICE", "GROUP", "UNION", "SELECT"
]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A part of a group that can be asked.

    Attributes:
        sort: what it is. text: that can stand in a group. place: where it begins.
        head: of GRAPH and GROUP, what stands before the patterns in it. inner: these patterns.
    """

    sort: Sort
    text: str
    place: Place
    head: str = ""
    inner: tuple[Pattern, ...] = ()

    @property
    def shown(self) -> str:
        """The text on one line, not too long."""
        line = " ".join(self.text.split())
        return line if len(line) <= 160 else f"{line[:159]}…"


class QueryText:
    """A query and its tokens."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = tokens(query)
        self.prefixes = self._declared()

    def _declared(self) -> dict[str, str]:
        found = {}
        for word, name, iri in zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False):
            if word.keyword == "PREFIX" and name.kind is Kind.PREFIXED_NAME and iri.kind is Kind.IRI:
                found[name.text.rstrip(":")] = iri.text[1:-1]
        return found

    def place(self, token: Token | None) -> Place | None:
        """Line and column of a token."""
        return None if token is None else Place(*position(self.query, token.start))

    def variable(self, name: str) -> Place | None:
        """Where a variable stands first."""
        return self.place(next(iter(self.variables(name)), None))

    def variables(self, name: str) -> list[Token]:
        """Where a variable stands."""
        return [token for token in self.tokens if token.kind is Kind.VARIABLE and token.text[1:] == name]

    def iri(self, iri: str) -> Place | None:
        """Where an IRI stands first, in full or with a prefix, declarations left out."""
        return self.place(next((token for token in self._body() if self.resolved(token) == iri), None))

    def resolved(self, token: Token) -> str | None:
        """The IRI that a token names."""
        if token.kind is Kind.IRI:
            return token.text[1:-1]
        if token.kind is Kind.PREFIXED_NAME:
            prefix, _, local = token.text.partition(":")
            return self.prefixes[prefix] + local.replace("\\", "") if prefix in self.prefixes else None
        return None

    def _body(self) -> Iterator[Token]:
        declaring = 0
        for token in self.tokens:
            if token.keyword in ("PREFIX", "BASE"):
                declaring = 2 if token.keyword == "PREFIX" else 1
            elif declaring:
                declaring -= 1
            else:
                yield token

    def string(self, value: str) -> Place | None:
        """Where a string stands first."""
        wanted = (token for token in self.tokens if token.kind is Kind.STRING and token.text.strip("\"'") == value)
        return self.place(next(wanted, None))

    def filter(self, number: int) -> Place | None:
        """Where a FILTER stands, counted from 0."""
        found = [token for token in self.tokens if token.keyword == "FILTER"]
        return self.place(found[number] if number < len(found) else None)

    def keyword(self, *words: str) -> Place | None:
        """Where one of some keywords stands first."""
        return self.place(next((token for token in self.tokens if token.keyword in words), None))

    @property
    def head(self) -> str:
        """Prologue and dataset: what stands before and after the projection and belongs to every question."""
        first = next((i for i, token in enumerate(self.tokens) if token.keyword in _FORMS), len(self.tokens))
        end = self.tokens[first].start if first < len(self.tokens) else 0
        return self.query[:end]

    @property
    def dataset(self) -> str:
        """The FROM clauses."""
        found = []
        for index, token in enumerate(self.tokens):
            if token.text == "{":
                break
            if token.keyword == "FROM":
                last = index + (2 if self.tokens[index + 1].keyword == "NAMED" else 1)
                found.append(self.query[token.start : self.tokens[last].end])
        return " ".join(found)

    def patterns(self) -> tuple[Pattern, ...]:
        """The outermost WHERE, cut; empty if it cannot be found."""
        depth = 0
        skip = any(token.keyword == "CONSTRUCT" for token in self.tokens) and not self._short_construct()
        for index, token in enumerate(self.tokens):
            if token.text == "{" and depth == 0 and token.kind is Kind.SIGN:
                end = self._closing(index)
                if skip:
                    skip = False
                    depth += 1
                    continue
                return tuple(self._group(index + 1, end))
            if token.kind is Kind.SIGN and token.text in _OPEN:
                depth += 1
            elif token.kind is Kind.SIGN and token.text in _CLOSE:
                depth -= 1
        return ()

    def _short_construct(self) -> bool:
        index = next(i for i, token in enumerate(self.tokens) if token.keyword == "CONSTRUCT")
        return self.tokens[index + 1].text != "{"

    def _closing(self, index: int) -> int:
        depth = 0
        for place in range(index, len(self.tokens)):
            token = self.tokens[place]
            if token.kind is Kind.SIGN and token.text in _OPEN:
                depth += 1
            elif token.kind is Kind.SIGN and token.text in _CLOSE:
                depth -= 1
                if depth == 0:
                    return place
        raise IndexError(index)

    def _slice(self, first: int, last: int) -> str:
        return self.query[self.tokens[first].start : self.tokens[last].end]

    def _pattern(self, sort: Sort, first: int, last: int) -> Pattern:
        place = self.place(self.tokens[first])
        assert place is not None
        return Pattern(sort, self._slice(first, last), place)

    def _group(self, index: int, end: int) -> Iterator[Pattern]:
        while index < end:
            token = self.tokens[index]
            if token.text == "." and token.kind is Kind.SIGN:
                index += 1
            elif token.keyword in _PARTS:
                last = self._end_of_part(index)
                yield (
                    self._nested(token.keyword, index, last)
                    if token.keyword == "GRAPH"
                    else self._pattern(
                        token.keyword,  # type: ignore[arg-type]  # one of _PARTS, which are sorts
                        index,
                        last,
                    )
                )
                index = last + 1
            elif token.text == "{":
                last = self._closing(index)
                several = False
                while last + 1 < end and self.tokens[last + 1].keyword == "UNION":
                    last = self._closing(last + 2)
                    several = True
                if several:
                    yield self._pattern("UNION", index, last)
                elif self.tokens[index + 1].keyword == "SELECT":
                    yield self._pattern("SELECT", index, last)
                else:
                    yield self._nested("GROUP", index, last)
                index = last + 1
            else:
                last = self._end_of_block(index, end)
                yield from self._triples(index, last)
                index = last + 1

    def _nested(self, sort: str, index: int, last: int) -> Pattern:
        opening = next(i for i in range(index, last) if self.tokens[i].text == "{")
        whole = self._pattern("GRAPH" if sort == "GRAPH" else "GROUP", index, last)
        head = self._slice(index, opening)
        return Pattern(whole.sort, whole.text, whole.place, head, tuple(self._group(opening + 1, last)))

    def _end_of_part(self, index: int) -> int:
        """Index of the last token of FILTER, OPTIONAL, MINUS, BIND, VALUES, GRAPH or SERVICE."""
        keyword = self.tokens[index].keyword
        opening = "(" if keyword == "BIND" else "{"
        place = index + 1
        if keyword == "FILTER":
            words = {self.tokens[place].keyword, self.tokens[place + 1].keyword}
            opening = "{" if "EXISTS" in words else "("
        if keyword == "VALUES" and self.tokens[place].text == "(":
            place = self._closing(place) + 1
        while self.tokens[place].text != opening:
            place += 1
        return self._closing(place)

    def _end_of_block(self, index: int, end: int) -> int:
        """Index of the last token of a block of triples."""
        place = index
        while place < end:
            token = self.tokens[place]
            if token.kind is Kind.SIGN and token.text in _OPEN:
                if token.text == "{":
                    break
                place = self._closing(place)
            elif token.text == "." or token.keyword in _PARTS:
                break
            place += 1
        return place - 1

    def _triples(self, first: int, last: int) -> Iterator[Pattern]:
        try:
            found = list(self._split(first, last))
        except IndexError:
            found = []
        if found and not any(sign in self._slice(first, last) for sign in "[("):
            yield from found
        else:
            whole = self._pattern("triple", first, last)
            yield Pattern("triple", f"{whole.text} .", whole.place)

    def _split(self, first: int, last: int) -> Iterator[Pattern]:
        """One pattern a triple, of a block without brackets."""
        subject = self._slice(first, first)
        index = first + 1
        while index <= last:
            if self.tokens[index].text == ";":
                index += 1
                continue
            verb_end = self._end_of_verb(index)
            verb, start = self._slice(index, verb_end), index
            index = verb_end + 1
            while True:
                value_end = self._end_of_value(index, last)
                place = self.place(self.tokens[first if start == first + 1 else start])
                assert place is not None
                yield Pattern("triple", f"{subject} {verb} {self._slice(index, value_end)} .", place)
                index = value_end + 1
                if index <= last and self.tokens[index].text == ",":
                    index += 1
                    start = index
                    continue
                break

    def _end_of_verb(self, index: int) -> int:
        if self.tokens[index].kind is Kind.VARIABLE:
            return index
        while True:
            while self.tokens[index].text in ("^", "!"):
                index += 1
            if self.tokens[index].kind not in (Kind.IRI, Kind.PREFIXED_NAME, Kind.WORD):
                raise IndexError(index)
            following = self.tokens[index + 1]
            if following.text in ("*", "+", "?") and following.start == self.tokens[index].end:
                index += 1
            if self.tokens[index + 1].text not in ("/", "|"):
                return index
            index += 2

    def _end_of_value(self, index: int, last: int) -> int:
        if self.tokens[index].text in ("+", "-"):
            index += 1
        if index < last and self.tokens[index].kind is Kind.STRING:
            if self.tokens[index + 1].kind is Kind.LANGUAGE:
                return index + 1
            if self.tokens[index + 1].text == "^^":
                return index + 2
        if index > last:
            raise IndexError(index)
        return index


_FORMS: Final = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
