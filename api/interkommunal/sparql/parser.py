"""Reads a query into the model: recursive descent over the tokens, by the grammar of SPARQL 1.1 (§19.8).

In: a query that the guard let through. Out: a :class:`~interkommunal.sparql.model.Query`. Whether a query is
well-formed is the engine's to judge; this reader takes a little more than the grammar, and of what it cannot read
(statements about statements, LATERAL) it tells the place. It reads a query of the W3C suite in 0.3 ms on average;
rdflib's parser needed a process of its own, for fear of its recursion, and with it about a second.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final, Literal
from urllib.parse import urljoin

from interkommunal.errors import QuerySyntaxError
from interkommunal.namespaces import PREFIXES
from interkommunal.sparql.model import (
    Bind,
    Expression,
    Filter,
    Group,
    Nested,
    Part,
    Query,
    Select,
    Term,
    Triple,
    Triples,
    Values,
)
from interkommunal.sparql.query import Form
from interkommunal.sparql.tokens import Kind, Token, position, seen_at, string_value, tokens, unescaped
from interkommunal.texts import Text

_END: Final = Token(Kind.SIGN, "", 0)
_XSD: Final = PREFIXES["xsd"]
_RDF: Final = PREFIXES["rdf"]
# How tightly operators bind, loosest first.
_LEVELS: Final = {"||": 1, "&&": 2} | dict.fromkeys(("=", "!=", "<", ">", "<=", ">=", "IN", "NOT IN"), 3)
_ARITHMETIC: Final = {"+": 4, "-": 4, "*": 5, "/": 5}
_PARTS: Final = frozenset(("OPTIONAL", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND"))
_MODIFIERS: Final = frozenset(("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))


def parse(query: str, base: str = "") -> Query:
    """The model of ``query``; ``base`` is what relative IRIs are resolved against.

    Raises:
        QuerySyntaxError: it cannot be read here, though an engine may read it.
    """
    try:
        return _Parser(query, base).query()
    except RecursionError:
        raise QuerySyntaxError(Text("it is nested too deep")) from None


class _Parser:
    """Goes through the tokens of a query one by one; ``at`` is the number of the next one, which may be ``_END``."""

    def __init__(self, query: str, base: str) -> None:
        self.text = query
        self.tokens = tokens(query)
        self.at = 0
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._blanks = 0
        # Whether the sentence being read has brackets, and the triples within them.
        self._inner: list[Triple] = []
        self._brackets = False

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or one further ahead."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else _END

    def take(self) -> Token:
        """The next token, which is passed."""
        token = self.peek()
        if token is _END:
            raise self.unreadable()
        self.at += 1
        return token

    def is_(self, *words: str) -> bool:
        """Whether the next token is one of some signs or keywords."""
        token = self.peek()
        return (token.text if token.kind is Kind.SIGN else token.keyword or None) in words

    def has(self, *words: str) -> bool:
        """Whether the next token is one of some signs or keywords; it is passed then."""
        found = self.is_(*words)
        self.at += found
        return found

    def expect(self, word: str) -> None:
        """Pass a sign or keyword that must be next."""
        if not self.has(word):
            raise self.unreadable()

    def unreadable(self) -> QuerySyntaxError:
        """The error that says that the query cannot be read from here on."""
        line, column = position(self.text, self.start())
        return QuerySyntaxError(seen_at(self.text, line, column), line, column)

    def start(self) -> int:
        """Where the next token begins in the text."""
        token = self.peek()
        return len(self.text) if token is _END else token.start

    def since(self, first: int) -> tuple[str, int]:
        """The text from one token up to before the next one, and where it begins."""
        start = self.tokens[first].start if first < len(self.tokens) else len(self.text)
        return self.text[start : self.tokens[self.at - 1].end] if self.at > first else "", start

    # Query forms.

    def query(self) -> Query:
        while self.is_("PREFIX", "BASE", "VERSION"):
            word = self.take().keyword
            if word == "PREFIX":
                name = self.take()
                self._prefixes[name.text[:-1]] = self._iri(self.take())
            elif word == "BASE":
                self._base = self._iri(self.take())
            else:
                self.take()
        head = self.text[: self.start()]
        try:
            form = Form(self.peek().text.lower())
        except ValueError:
            raise self.unreadable() from None
        dataset: list[str] = []
        select = self._select(dataset, form)
        if self.peek() is not _END:
            raise self.unreadable()
        return Query(self.text, tuple(self.tokens), form, select, self._prefixes, head, " ".join(dataset))

    def _select(self, dataset: list[str] | None, form: Form = Form.SELECT) -> Select:
        """A query from its first word on; ``dataset`` takes its FROM clauses, a subquery has none."""
        first = self.at
        self.take()
        binds: list[Bind] = []
        projected: list[str] | None = []
        described: list[str] = []
        template: Group | None = None
        if form is Form.CONSTRUCT:
            template = self._group() if self.is_("{") else None
        elif form is not Form.ASK:
            self.has("DISTINCT", "REDUCED")
            projected = self._projection(binds, described)
            if self.has("*") and form is Form.SELECT:
                projected = None
        clause, start = self.since(first)
        while dataset is not None and self.is_("FROM"):
            begin = self.at
            self.take()
            self.has("NAMED")
            self._iri(self.take())
            dataset.append(self.since(begin)[0])
        where = self._group() if self.has("WHERE") or self.is_("{") else Group()
        if form is Form.CONSTRUCT:
            template = template or where
            projected = [term.value for triple in template.triples for term in triple if term.is_variable]
        modifiers = self._modifiers(binds)
        names = None if projected is None else tuple(dict.fromkeys(projected))
        text, _ = self.since(first)
        return Select(text, start, names, tuple(binds), where, clause, described=tuple(described), **modifiers)

    def _projection(self, binds: list[Bind], described: list[str]) -> list[str]:
        """The variables of SELECT or DESCRIBE; expressions go to ``binds``, IRIs to ``described``."""
        found = []
        while self.peek().kind in (Kind.VARIABLE, Kind.IRI, Kind.PREFIXED_NAME) or self.is_("("):
            if self.is_("("):
                binds.append(self._bind(self.at))
                found.append(binds[-1].variable)
            elif (token := self.take()).kind is Kind.VARIABLE:
                found.append(token.text[1:])
            else:
                described.append(self._iri(token))
        return found

    def _bind(self, first: int) -> Bind:
        """``(expression AS ?name)``, of a part that begins at ``first``."""
        self.expect("(")
        expression = self._expression()
        self.expect("AS")
        variable = self.take().text[1:]
        self.expect(")")
        return Bind(*self.since(first), expression, variable)

    def _modifiers(self, binds: list[Bind]) -> dict[str, Any]:
        """What stands behind the WHERE of a SELECT, by its attributes; names of GROUP BY go to ``binds``."""
        grouped: list[Expression] = []
        having: list[Filter] = []
        kept: list[str] = []
        values, offset = None, None
        while (word := self.peek().keyword) in _MODIFIERS:
            begin, place = self.at, self.start()
            if word == "VALUES":
                values = self._values()
                continue
            self.take()
            if word in ("GROUP", "ORDER"):
                self.expect("BY")
            if word in ("LIMIT", "OFFSET"):
                number = self.take().text
                if word == "OFFSET" and number.isdecimal():
                    offset = (int(number), place)
            while word == "GROUP" and self._begins_condition():
                grouped.append(self._grouping(binds))
            while word == "HAVING" and self._begins_condition():
                each, expression = self.at, self._primary()
                having.append(Filter(self.since(each)[0], place, expression))
            while word == "ORDER" and (self.has("ASC", "DESC") or self._begins_condition()):
                self._primary()
            if word in ("GROUP", "HAVING"):
                kept.append(self.since(begin)[0])
        modifiers = {"modifiers": " ".join(kept), "grouped": tuple(grouped), "having": tuple(having)}
        return modifiers | {"values": values, "offset": offset}

    def _begins_condition(self) -> bool:
        token = self.peek()
        if token.kind is Kind.WORD:
            return token.keyword not in _MODIFIERS
        return self.is_("(") or token.kind in (Kind.VARIABLE, Kind.IRI, Kind.PREFIXED_NAME)

    def _grouping(self, binds: list[Bind]) -> Expression:
        first = self.at
        if not self.has("("):
            return self._primary()
        expression = self._expression()
        if self.has("AS"):
            variable = self.take().text[1:]
            self.expect(")")
            binds.append(Bind(*self.since(first), expression, variable))
            return Expression("TERM", term=Term("variable", variable))
        self.expect(")")
        return expression

    # Groups.

    def _group(self) -> Group:
        self.expect("{")
        if self.peek().keyword == "SELECT":
            select = self._select(None)
            self.expect("}")
            return Group((select,))
        parts: list[Part] = []
        while not self.has("}"):
            if not self.has("."):
                parts += self._parts()
        return Group(tuple(parts))

    def _parts(self) -> list[Part]:
        """The next part of a group, or the triples of the next sentence."""
        first, word = self.at, self.peek().keyword
        if self.is_("{"):
            return [self._braced()]
        if word == "VALUES":
            return [self._values()]
        if word not in _PARTS:
            return list(self._sentence())
        self.take()
        if word == "FILTER":
            expression = self._primary()
            return [Filter(*self.since(first), expression)]
        if word == "BIND":
            return [self._bind(first)]
        name = None
        if word in ("GRAPH", "SERVICE"):
            self.has("SILENT")
            name = self._term()
        head, _ = self.since(first)
        group = self._group()
        kind: Literal["OPTIONAL", "MINUS", "GRAPH", "SERVICE"] = word  # type: ignore[assignment]  # one of _PARTS
        return [Nested(*self.since(first), kind, (group,), name, head)]

    def _braced(self) -> Part:
        """A group, a union of groups, or a subquery."""
        first = self.at
        groups = [self._group()]
        while self.has("UNION"):
            groups.append(self._group())
        text, start = self.since(first)
        if len(groups) > 1:
            return Nested(text, start, "UNION", tuple(groups))
        inner = groups[0].parts
        if len(inner) == 1 and isinstance(inner[0], Select):
            return replace(inner[0], text=text, start=start)
        return Nested(text, start, "GROUP", tuple(groups))

    def _values(self) -> Values:
        first = self.at
        self.expect("VALUES")
        several = self.has("(")
        names: list[str] = []
        while self.peek().kind is Kind.VARIABLE and (several or not names):
            names.append(self.take().text[1:])
        if several:
            self.expect(")")
        self.expect("{")
        rows: list[tuple[Term | None, ...]] = []
        while not self.has("}"):
            row: list[Term | None] = []
            if several:
                self.expect("(")
            while not (several and self.has(")")):
                row.append(None if self.has("UNDEF") else self._term())
                if not several:
                    break
            rows.append(tuple(row))
        return Values(*self.since(first), tuple(names), tuple(rows))

    # Triples.

    def _sentence(self) -> list[Triples]:
        """A subject with its properties: one part a triple, or one for all if there are brackets."""
        first, start = self.at, self.start()
        self._inner, self._brackets = [], False
        subject = self._node()
        subject_text, _ = self.since(first)
        found: list[Triples] = []
        while not (self.is_(".", "{", "}", "VALUES", *_PARTS) or self.peek() is _END):
            if self.has(";"):
                continue
            begin = self.at
            verb = self._verb()
            verb_text, place = self.since(begin)
            place = start if begin == first + 1 else place
            while True:
                each = self.at
                target = self._node()
                text = f"{subject_text} {verb_text} {self.since(each)[0]} ."
                found.append(Triples(text, place, ((subject, verb, target),)))
                if not self.has(","):
                    break
                place = self.start()
        if not self._brackets:
            return found
        triples = [*(triple for part in found for triple in part.triples), *self._inner]
        return [Triples(f"{self.since(first)[0]} .", start, tuple(triples))]

    def _blank(self) -> Term:
        self._blanks += 1
        return Term("blank", f"[{self._blanks}]")

    def _node(self) -> Term:
        """A term, or a blank node in brackets, or a list."""
        if self.has("["):
            self._brackets = True
            node = self._blank()
            while not self.has("]"):
                if self.has(";"):
                    continue
                verb = self._verb()
                self._inner.append((node, verb, self._node()))
                while self.has(","):
                    self._inner.append((node, verb, self._node()))
            return node
        if self.has("("):
            self._brackets = True
            items: list[Term] = []
            while not self.has(")"):
                items.append(self._node())
            node = rest = Term("iri", f"{_RDF}nil")
            for item in reversed(items):
                node = self._blank()
                self._inner.append((node, Term("iri", f"{_RDF}first"), item))
                self._inner.append((node, Term("iri", f"{_RDF}rest"), rest))
                rest = node
            return node
        return self._term()

    def _verb(self) -> Term:
        if self.peek().kind is Kind.VARIABLE:
            return Term("variable", self.take().text[1:])
        return self._path()

    def _path(self) -> Term:
        """A property path (§9.1), or the one property that it is."""
        first = self.at
        parts: list[str] = []
        steps: list[str] = []
        last, alternatives, is_plain = "", 1, True
        while True:
            begin = self.at
            inner, modified = self._step()
            parts += inner.parts or (inner.value,)
            steps.append(self.since(begin)[0])
            is_iri = inner.kind == "iri" and not modified
            is_plain = is_plain and is_iri
            last = "" if modified else inner.value if is_iri else inner.last
            if self.has("/"):
                continue
            if not self.has("|"):
                break
            alternatives += 1
        if is_plain and len(steps) == 1:
            return Term("iri", parts[0])
        one = alternatives == 1
        known = tuple(dict.fromkeys(part for part in parts if part))
        several = tuple(steps) if one and len(steps) > 1 else ()
        return Term("path", self.since(first)[0], parts=known, last=last if one else "", steps=several)

    def _step(self) -> tuple[Term, bool]:
        """A step of a path, and whether it is turned round, negated or repeated."""
        modified = False
        while self.has("^", "!"):
            modified = True
        if self.has("("):
            inner = Term("path", "") if self.is_(")") else self._path()
            self.expect(")")
        else:
            token = self.take()
            inner = Term("iri", f"{_RDF}type" if token.text == "a" else self._iri(token))
        sign, before = self.peek(), self.tokens[self.at - 1]
        if sign.kind is Kind.SIGN and sign.text in ("*", "?", "+") and sign.start == before.end:
            self.take()
            modified = True
        return inner, modified

    # Terms.

    def _iri(self, token: Token) -> str:
        if token.kind is Kind.IRI:
            written = unescaped(token.text[1:-1])
            return urljoin(self._base, written) if self._base and ":" not in written.partition("/")[0] else written
        prefix, _, local = token.text.partition(":")
        if token.kind is not Kind.PREFIXED_NAME or prefix not in self._prefixes:
            self.at -= 1
            raise self.unreadable()
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def _term(self) -> Term:
        token = self.take()
        if token.kind is Kind.VARIABLE:
            return Term("variable", token.text[1:])
        if token.kind is Kind.BLANK_NODE:
            return Term("blank", token.text)
        if token.kind is Kind.STRING:
            value = string_value(token)
            if self.peek().kind is Kind.LANGUAGE:
                return Term("literal", value, language=self.take().text[1:])
            return Term("literal", value, self._iri(self.take()) if self.has("^^") else f"{_XSD}string")
        if token.kind is Kind.NUMBER or (token.text in ("+", "-") and self.peek().kind is Kind.NUMBER):
            number = token.text if token.kind is Kind.NUMBER else token.text + self.take().text
            kind = "double" if "e" in number.lower() else "decimal" if "." in number else "integer"
            return Term("literal", number, f"{_XSD}{kind}")
        if token.keyword in ("TRUE", "FALSE"):
            return Term("literal", token.text.lower(), f"{_XSD}boolean")
        return Term("iri", self._iri(token))

    # Expressions.

    def _expression(self, level: int = 1) -> Expression:
        left = self._unary()
        while True:
            operator = self._operator()
            binding = _LEVELS.get(operator) or _ARITHMETIC.get(operator, 0)
            if binding < level or not binding:
                return left
            self.at += 2 if operator == "NOT IN" else 1
            if operator in ("IN", "NOT IN"):
                right = Expression("LIST", tuple(self._arguments()))
            else:
                right = self._expression(binding + 1)
            name = "ARITHMETIC" if operator in _ARITHMETIC else operator
            chained = left.arguments if name == left.name and name in ("||", "&&", "ARITHMETIC") else (left,)
            left = Expression(name, (*chained, right))

    def _operator(self) -> str:
        token = self.peek()
        if token.keyword == "NOT" and self.peek(1).keyword == "IN":
            return "NOT IN"
        return token.keyword or (token.text if token.kind is Kind.SIGN else "")

    def _unary(self) -> Expression:
        if self.has("!"):
            return Expression("!", (self._unary(),))
        if self.peek().text in ("+", "-") and self.peek(1).kind is not Kind.NUMBER:
            name = "NEGATIVE" if self.take().text == "-" else "POSITIVE"
            return Expression(name, (self._unary(),))
        return self._primary()

    def _primary(self) -> Expression:
        """A bracketed expression, a call or a term."""
        if self.has("("):
            expression = self._expression()
            self.expect(")")
            return expression
        token = self.peek()
        if self.has("EXISTS"):
            return Expression("EXISTS", group=self._group())
        if self.has("NOT"):
            self.expect("EXISTS")
            return Expression("NOTEXISTS", group=self._group())
        if token.keyword and token.keyword not in ("TRUE", "FALSE"):
            self.take()
            return Expression(token.keyword, tuple(self._arguments()))
        if token.kind in (Kind.IRI, Kind.PREFIXED_NAME) and self.peek(1).text == "(":
            self._iri(self.take())
            return Expression("FUNCTION", tuple(self._arguments()))
        return Expression("TERM", term=self._term())

    def _arguments(self) -> list[Expression]:
        self.expect("(")
        self.has("DISTINCT")
        found: list[Expression] = []
        while not self.has(")"):
            if self.has(";"):
                self.expect("SEPARATOR")
                self.expect("=")
                self.take()
            elif not self.has("*", ","):
                found.append(self._expression())
        return found
