"""The questions of these pages: files in ``queries/``, plain SPARQL that anybody may ask again.

A line that ends in ``# param`` holds the value of a parameter, as in the query library. Values are put in as terms,
never as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

_FOLDER: Final = Path(__file__).parent / "queries"
_PARAMETER: Final = re.compile(r"^(\s*VALUES \?(\w+)) \{ .* \}  # param$", re.MULTILINE)

Term = NamedNode | Literal


def question(name: str, **values: Term | Iterable[Term] | None) -> str:
    """The query in the file ``name`` with these values of its parameters; ``None`` leaves one as it is written.

    Raises:
        KeyError: it has no such parameter.
    """
    query = _read(name)
    given = {key: value for key, value in values.items() if value is not None}

    def put(found: re.Match[str]) -> str:
        value = given.pop(found[2], None)
        if value is None:
            return found[0]
        terms = [value] if isinstance(value, Literal | NamedNode) else list(value)
        return f"{found[1]} {{ {' '.join(map(str, terms))} }}  # param"

    asked = _PARAMETER.sub(put, query)
    if given:
        raise KeyError(f"{name}.rq has no parameter {', '.join(given)}")
    return asked


@cache
def _read(name: str) -> str:
    return (_FOLDER / f"{name}.rq").read_text("utf-8")
