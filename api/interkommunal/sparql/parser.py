"""Reads a query into the model: recursive descent over the tokens, by the grammar of SPARQL 1.1 (§19.8).

In: a query that the guard let through. Out: a :class:`~interkommunal.sparql.model.Query`. Whether a query is
well-formed is the engine's to judge; this reader takes a little more than the grammar, and of what it cannot read
(statements about statements, LATERAL) it tells the place. It reads a query of the W3C suite in 0.3 ms on average;
rdflib's parser needed a process of its own, for fear of its recursion, and with it about a second.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, Literal
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
from interkommunal.sparql.tokens import END, Cursor, Kind, Token, string_value, unescaped
from interkommunal.texts import Text

_XSD: Final = PREFIXES["xsd"]
_RDF: Final = PREFIXES["rdf"]
# How tightly operators bind, loosest first.
_LEVELS: Final = {"||": 1, "&&": 2} | dict.fromkeys(("=", "!=", "<", ">", "<=", ">=", "IN", "NOT IN"), 3)
_ARITHMETIC: Final = {"+": 4, "-": 4, "*": 5, "/": 5}
_GROUPS: Final = frozenset(("OPTIONAL", "MINUS", "GRAPH", "SERVICE"))
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


class _Parser(Cursor):
    def __init__(self, query: str, base: str) -> None:
        super().__init__(query)
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._blanks = 0
        # Whether the sentence being read has brackets, and the triples within them.
        self._inner: list[Triple] = []
        self._brackets = False

    # Query forms.

    def query(self) -> Query:
        while self.peek().keyword in ("PREFIX", "BASE", "VERSION"):
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
        if self.peek() is not END:
            raise self.unreadable()
        return Query(self.text, tuple(self.tokens), form, select, self._prefixes, head, " ".join(dataset))

    def _select(self, dataset: list[str] | None, form: Form = Form.SELECT) -> Select:
        """A query from its first word on; ``dataset`` takes its FROM clauses, a subquery has none."""
        first, start = self.at, self.start()
        self.take()
        binds: list[Bind] = []
        projected: list[str] | None = []
        described: list[str] = []
        template: Group | None = None
        if form is Form.CONSTRUCT:
            if self.is_("{"):
                template = self._group()
        elif form is not Form.ASK:
            self.has("DISTINCT", "REDUCED")
            everything: list[str] | None = None if form is Form.SELECT else []
            projected = everything if self.has("*") else self._projection(binds, described)
        clause = self.slice(first)
        while dataset is not None and self.peek().keyword == "FROM":
            begin = self.at
            self.take()
            self.has("NAMED")
            self._iri(self.take())
            dataset.append(self.slice(begin))
        where = self._group() if self.has("WHERE") or self.is_("{") else Group()
        if form is Form.CONSTRUCT:
            template = template or where
            projected = [term.value for triple in template.triples for term in triple if term.is_variable]
        select = self._modified(first, start, clause, projected, binds, where)
        return replace(select, described=tuple(described))

    def _projection(self, binds: list[Bind], described: list[str]) -> list[str]:
        """The variables of SELECT or DESCRIBE; expressions go to ``binds``, IRIs to ``described``."""
        found = []
        while self.peek().kind in (Kind.VARIABLE, Kind.IRI, Kind.PREFIXED_NAME) or self.is_("("):
            if self.is_("("):
                binds.append(self._bind())
                found.append(binds[-1].variable)
            elif (token := self.take()).kind is Kind.VARIABLE:
                found.append(token.text[1:])
            else:
                described.append(self._iri(token))
        return found

    def _bind(self) -> Bind:
        """``(expression AS ?name)``."""
        first, start = self.at, self.start()
        self.expect("(")
        expression = self._expression()
        self.expect("AS")
        variable = self.take().text[1:]
        self.expect(")")
        return Bind(text=self.slice(first), start=start, expression=expression, variable=variable)

    def _modified(
        self, first: int, start: int, clause: str, projected: list[str] | None, binds: list[Bind], where: Group
    ) -> Select:
        grouped: list[Expression] = []
        having: list[Filter] = []
        ordered: list[Expression] = []
        kept: list[str] = []
        values, offset, is_grouped = None, None, False
        while (word := self.peek().keyword) in _MODIFIERS:
            begin, place = self.at, self.start()
            if word == "VALUES":
                values = self._values()
                continue
            self.take()
            if word in ("GROUP", "ORDER"):
                self.expect("BY")
            if word == "GROUP":
                is_grouped = True
                while self._begins_condition():
                    grouped.append(self._grouping(binds))
            elif word == "HAVING":
                while self._begins_condition():
                    each = self.at
                    expression = self._primary()
                    having.append(Filter(text=self.slice(each), start=place, expression=expression))
            elif word == "ORDER":
                while self._begins_condition() or self.peek().keyword in ("ASC", "DESC"):
                    self.has("ASC", "DESC")
                    ordered.append(self._primary())
            else:
                number = self.take().text
                if word == "OFFSET" and number.isdecimal():
                    offset = (int(number), place)
            if word in ("GROUP", "HAVING"):
                kept.append(self.slice(begin))
        return Select(
            text=self.slice(first),
            start=start,
            projected=None if projected is None else tuple(dict.fromkeys(projected)),
            binds=tuple(binds),
            where=where,
            clause=clause,
            modifiers=" ".join(kept),
            grouped=tuple(grouped),
            having=tuple(having),
            ordered=tuple(ordered),
            values=values,
            offset=offset,
            is_grouped=is_grouped,
        )

    def _begins_condition(self) -> bool:
        token = self.peek()
        if token.kind is Kind.WORD:
            return token.keyword not in _MODIFIERS | {"ASC", "DESC"}
        return self.is_("(") or token.kind in (Kind.VARIABLE, Kind.IRI, Kind.PREFIXED_NAME)

    def _grouping(self, binds: list[Bind]) -> Expression:
        first, start = self.at, self.start()
        if not self.has("("):
            return self._primary()
        expression = self._expression()
        if self.has("AS"):
            variable = self.take().text[1:]
            self.expect(")")
            binds.append(Bind(text=self.slice(first), start=start, expression=expression, variable=variable))
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
        first, start, word = self.at, self.start(), self.peek().keyword
        if self.is_("{"):
            return [self._braced()]
        if word in _GROUPS:
            self.take()
            name = None
            if word in ("GRAPH", "SERVICE"):
                self.has("SILENT")
                name = self._term()
            head = self.slice(first)
            group = self._group()
            kind: Literal["OPTIONAL", "MINUS", "GRAPH", "SERVICE"] = word  # type: ignore[assignment]  # one of _GROUPS
            return [Nested(text=self.slice(first), start=start, kind=kind, groups=(group,), name=name, head=head)]
        if word == "FILTER":
            self.take()
            expression = self._primary()
            return [Filter(text=self.slice(first), start=start, expression=expression)]
        if word == "BIND":
            self.take()
            bind = self._bind()
            return [Bind(text=self.slice(first), start=start, expression=bind.expression, variable=bind.variable)]
        if word == "VALUES":
            return [self._values()]
        return list(self._sentence())

    def _braced(self) -> Part:
        """A group, a union of groups, or a subquery."""
        first, start = self.at, self.start()
        groups = [self._group()]
        while self.has("UNION"):
            groups.append(self._group())
        text = self.slice(first)
        if len(groups) > 1:
            return Nested(text=text, start=start, kind="UNION", groups=tuple(groups))
        inner = groups[0].parts
        if len(inner) == 1 and isinstance(inner[0], Select):
            return replace(inner[0], text=text, start=start)
        return Nested(text=text, start=start, kind="GROUP", groups=tuple(groups))

    def _values(self) -> Values:
        first, start = self.at, self.start()
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
                while not self.has(")"):
                    row.append(self._value())
            else:
                row.append(self._value())
            rows.append(tuple(row))
        return Values(text=self.slice(first), start=start, variables=tuple(names), rows=tuple(rows))

    def _value(self) -> Term | None:
        return None if self.has("UNDEF") else self._term()

    # Triples.

    def _sentence(self) -> list[Triples]:
        """A subject with its properties: one part a triple, or one for all if there are brackets."""
        first, start = self.at, self.start()
        self._inner, self._brackets = [], False
        subject = self._node()
        subject_text = self.slice(first)
        found: list[Triples] = []
        while not (self.is_(".") or self.is_("}") or self.peek() is END or self._is_part()):
            if self.has(";"):
                continue
            begin = self.at
            verb = self._verb()
            verb_text = self.slice(begin)
            place = start if begin == first + 1 else self.tokens[begin].start
            while True:
                each = self.at
                target = self._node()
                text = f"{subject_text} {verb_text} {self.slice(each)} ."
                found.append(Triples(text=text, start=place, triples=((subject, verb, target),)))
                if not self.has(","):
                    break
                place = self.start()
        if not self._brackets:
            return found
        triples = [*(triple for part in found for triple in part.triples), *self._inner]
        return [Triples(text=f"{self.slice(first)} .", start=start, triples=tuple(triples))]

    def _is_part(self) -> bool:
        return self.is_("{") or self.peek().keyword in _GROUPS | {"FILTER", "BIND", "VALUES"}

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
                self._inner += [
                    (node, Term("iri", f"{_RDF}first"), item),
                    (node, Term("iri", f"{_RDF}rest"), rest),
                ]
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
            steps.append(self.slice(begin))
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
        return Term("path", self.slice(first), parts=known, last=last if one else "", steps=several)

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
            return self._literal(token)
        if token.kind is Kind.NUMBER or (token.text in ("+", "-") and self.peek().kind is Kind.NUMBER):
            number = token.text if token.kind is Kind.NUMBER else token.text + self.take().text
            kind = "double" if "e" in number.lower() else "decimal" if "." in number else "integer"
            return Term("literal", number, f"{_XSD}{kind}")
        if token.keyword in ("TRUE", "FALSE"):
            return Term("literal", token.text.lower(), f"{_XSD}boolean")
        return Term("iri", self._iri(token))

    def _literal(self, token: Token) -> Term:
        value = string_value(token)
        if self.peek().kind is Kind.LANGUAGE:
            return Term("literal", value, language=self.take().text[1:])
        if self.has("^^"):
            return Term("literal", value, self._iri(self.take()))
        return Term("literal", value, f"{_XSD}string")

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
        word, token = self.peek().keyword, self.peek()
        if word == "NOT" or word == "EXISTS":
            self.take()
            if word == "NOT":
                self.expect("EXISTS")
            return Expression("EXISTS" if word == "EXISTS" else "NOTEXISTS", group=self._group())
        if word and word not in ("TRUE", "FALSE"):
            self.take()
            return Expression(word, tuple(self._arguments()))
        if token.kind in (Kind.IRI, Kind.PREFIXED_NAME) and self.peek(1).text == "(":
            self._iri(self.take())
            return Expression("FUNCTION", tuple(self._arguments()))
        return Expression("TERM", term=self._term())

    def _arguments(self) -> list[Expression]:
        self.expect("(")
        self.has("DISTINCT")
        found: list[Expression] = []
        while not self.has(")"):
            if self.has("*", ","):
                continue
            if self.has(";"):
                self.expect("SEPARATOR")
                self.expect("=")
                self.take()
                continue
            found.append(self._expression())
        return found
