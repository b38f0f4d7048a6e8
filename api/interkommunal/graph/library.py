"""The query library: questions that people ask, one SPARQL file a question, as ``queries/README.md`` describes it.

In goes the folder ``queries/library``, out come its questions with everything that the heads say. They go into the
graph (:mod:`interkommunal.graph.examples`), and the release carries them as ``library.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.parse import read_utf8
from interkommunal.namespaces import expand
from interkommunal.texts import Label

# What the rows can be shown as.
RESULTS: Final = ("table", "map", "timeline", "chart", "network")

_HEAD: Final = re.compile(r"^#\+ ([a-z-]+): (\S.*\S|\S)$")
_PARAMETER: Final = re.compile(r"^([a-z_]+) (entity|concept|[a-z]+)(?:\(([a-z]+:[\w-]+)\))? (\S.*)$")
_LINE: Final = re.compile(r"^    VALUES \?([a-z_]+) \{ (\S+|\".*\"\S*) \}  # param$", re.MULTILINE)
# Strings and comments; IRIs, which may hold what looks like a comment, are kept.
_NO_CODE: Final = re.compile(r'(?<![<\w/:.-])#[^\n]*|"(?:[^"\\\n]|\\.)*"')
_DECLARED: Final = re.compile(r"^PREFIX (\w+): <([^>]*)>$", re.MULTILINE)
_NAMED: Final = re.compile(r"(?<![\w?$:])([a-z]\w*):([A-Za-z0-9_](?:[\w.-]*[\w-])?)")
_IRI: Final = re.compile(r"<([^<>\s]+)>")
# The types of parameters; those with True are of a class or a scheme.
_KINDS: Final = {
    "entity": True,
    "concept": True,
    "year": False,
    "date": False,
    "integer": False,
    "text": False,
    "language": False,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that people may choose.

    Attributes:
        name: of the variable.
        kind: ``entity``, ``concept``, ``year``, ``date``, ``integer``, ``text`` or ``language``.
        of: class of the entity or scheme of the concept as a prefixed name; empty for other kinds.
        default: in SPARQL notation; ``UNDEF`` means any.
    """

    name: str
    kind: str
    of: str
    default: str


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """One question.

    Attributes:
        name: that of the file, and in addresses.
        summary: the question in plain words, by language.
        question: its number among the published questions, or empty.
        tags: topics to browse by.
        parameters: in the order of the query.
        result: what the rows can be shown as besides a table, one of :data:`RESULTS`.
        columns: variables of the answer, in their order.
        text: the query without its head; it runs as it stands.
    """

    name: str
    summary: Label
    question: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    result: str
    columns: tuple[str, ...]
    text: str

    @property
    def terms(self) -> frozenset[str]:
        """IRIs of the classes, properties, concepts and things that the query names, and those of its parameters."""
        return _terms(self.text, tuple(item.of for item in self.parameters if item.of))

    def parameter(self, name: str) -> Parameter | None:
        """The parameter with this name."""
        return next((item for item in self.parameters if item.name == name), None)


@lru_cache(maxsize=1024)
def _terms(text: str, asked: tuple[str, ...]) -> frozenset[str]:
    """What a query names; each page of a thing looks through all questions."""
    code = _NO_CODE.sub(" ", text)
    namespaces = dict(_DECLARED.findall(code))
    body = _DECLARED.sub("", code)
    named = {
        namespaces[prefix] + local for prefix, local in _NAMED.findall(_IRI.sub(" ", body)) if prefix in namespaces
    }
    if re.search(r"[?\s]a\s", body):
        named.add(expand("rdf:type"))
    return frozenset(named | set(_IRI.findall(body)) | {expand(name) for name in asked})


def read_library(folder: Path, content: Content | None = None) -> tuple[LibraryQuery, ...]:
    """All questions in a folder, by name; messages name files as people know them in ``content``.

    Raises:
        SyntaxProblem: a head does not keep the convention.
    """
    paths = sorted(folder.glob("*.rq"), key=lambda path: path.stem)
    shown = content.shown if content else lambda path: path
    return tuple(parse_query(path.stem, read_utf8(path, shown(path)), shown(path)) for path in paths)


def parse_query(name: str, source: str, file: Path | None = None) -> LibraryQuery:
    """One question.

    Args:
        name: its name.
        source: text of its file.
        file: for messages.

    Raises:
        SyntaxProblem: the head does not keep the convention.
    """
    lines = source.splitlines(keepends=True)
    count = next((i for i, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    head: dict[str, list[tuple[str, int]]] = {}
    for number, line in enumerate(lines[:count], 1):
        match = _HEAD.match(line.rstrip("\n"))
        if match is None:
            raise SyntaxProblem("a line of the head is not '#+ key: value'", file, number)
        head.setdefault(match[1], []).append((match[2], number))

    def one(key: str, default: str | None = None) -> str:
        found = head.get(key, [] if default is None else [(default, 0)])
        if len(found) != 1:
            raise SyntaxProblem(f"the head needs one line '#+ {key}: …'", file, 1)
        return found[0][0]

    text = "".join(lines[count:])
    parameters = tuple(_parameter(value, file, number) for value, number in head.get("param", ()))
    written = [(match[1], match[2]) for match in _LINE.finditer(text)]
    if written != [(item.name, item.default) for item in parameters]:
        raise SyntaxProblem("the lines '# param' of the query are not those of the head, in its order", file, 1)
    result = one("result")
    if result not in RESULTS:
        raise SyntaxProblem(f"a result is one of {', '.join(RESULTS)}, not {result}", file, 1)
    return LibraryQuery(
        name=name,
        summary=Label(de=one("summary-de"), en=one("summary")),
        question=one("question", ""),
        tags=_listed(one("tags")),
        parameters=parameters,
        result=result,
        columns=_listed(one("columns")),
        text=text,
    )


def _parameter(value: str, file: Path | None, line: int) -> Parameter:
    match = _PARAMETER.match(value)
    if match is None or _KINDS.get(match[2]) is not bool(match[3]):
        raise SyntaxProblem(f"'{value}' is no parameter: name, type and default are needed", file, line)
    return Parameter(match[1], match[2], match[3] or "", match[4])


def _listed(value: str) -> tuple[str, ...]:
    return tuple(value.split(", "))


def using(library: Iterable[LibraryQuery], term: str) -> tuple[LibraryQuery, ...]:
    """The questions that use a class, property, concept or thing, in the order of the library.

    Args:
        library: the questions.
        term: its IRI.
    """
    return tuple(query for query in library if term in query.terms)


def bound(query: LibraryQuery, terms: Mapping[str, object]) -> str:
    """The query with other values of its parameters.

    Args:
        query: the question.
        terms: by name of the parameter, terms whose ``str()`` is their notation in N-Triples (those of pyoxigraph),
            so that whatever they hold stays inside one term.

    Raises:
        KeyError: there is no such parameter.
    """
    unknown = set(terms) - {item.name for item in query.parameters}
    if unknown:
        raise KeyError(f"{query.name} has no parameter {', '.join(sorted(unknown))}")

    def put(line: re.Match[str]) -> str:
        return f"    VALUES ?{line[1]} {{ {terms[line[1]]} }}  # param" if line[1] in terms else line[0]

    return _LINE.sub(put, query.text)
