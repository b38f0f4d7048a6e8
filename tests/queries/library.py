"""Reads the query library: the head comments of each file, and the lines that hold its parameters.

In: the folder ``queries/library``. Out: one :class:`LibraryQuery` a file. ``bind`` puts a term in the place of a
default; it takes terms in SPARQL notation, never text of a user.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

HEAD = re.compile(r"^#\+ ([a-z-]+): (\S.*\S|\S)$")
PARAM_LINE = re.compile(r"^    VALUES \?([a-z_]+) \{ (\S+|\".*\"\S*) \}  # param$", re.MULTILINE)
PARAM_HEAD = re.compile(r"^([a-z_]+) (entity\([a-z]+:\w+\)|concept\([a-z]+:[\w-]+\)|[a-z]+) (\S.*)$")


@dataclass(frozen=True)
class Parameter:
    """A value that a user may choose: its name, its type, and its default in SPARQL notation."""

    name: str
    type: str
    default: str


@dataclass(frozen=True)
class LibraryQuery:
    """One question: the text of its file and what the head says."""

    path: Path
    text: str
    head: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The file name without its ending, which is also the name in addresses."""
        return self.path.stem

    def values(self, key: str) -> tuple[str, ...]:
        """What stands behind each ``#+ key:``."""
        return tuple(value for name, value in self.head if name == key)

    def value(self, key: str) -> str:
        """What stands behind the only ``#+ key:``."""
        (value,) = self.values(key)
        return value

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns as the head names them."""
        return tuple(self.value("columns").split(", "))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters as the head names them."""
        found = [PARAM_HEAD.match(value) for value in self.values("param")]
        return tuple(Parameter(*match.groups()) for match in found if match)

    def bind(self, name: str, term: str) -> LibraryQuery:
        """The same question with another value of one parameter."""
        pattern = re.compile(rf"^(    VALUES \?{name} \{{ ).*( \}}  # param)$", re.MULTILINE)
        text, count = pattern.subn(lambda line: f"{line[1]}{term}{line[2]}", self.text)
        if count != 1:
            raise ValueError(f"{self.name} has {count} lines for the parameter {name}")
        return replace(self, text=text)


def read_query(path: Path) -> LibraryQuery:
    """The question in the file at ``path``."""
    text = path.read_text(encoding="utf-8")
    lines = (HEAD.match(line) for line in text.splitlines() if line.startswith("#+"))
    return LibraryQuery(path, text, tuple((match[1], match[2]) for match in lines if match))


def read_library(folder: Path) -> tuple[LibraryQuery, ...]:
    """All questions of the library, by name."""
    return tuple(read_query(path) for path in sorted(folder.glob("*.rq")))
