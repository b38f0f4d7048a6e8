"""The questions that start page and query page offer for a first try: those of the query library.

A query of the library is a file with its question in the head, ``#+ summary:`` in English and ``#+ summary-de:`` in
German; the page shows the question and asks the file as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from interkommunal.content import Content
from interkommunal.http.language import Text

_HEAD: Final = re.compile(r"^#\+ (summary|summary-de): *(.*\S)\s*$", re.MULTILINE)
# Shown first: an answer in one look, a doubt, a count.
_FIRST: Final = ("first-signatories-of-the-contract", "contradictions", "forums-by-year-and-city")


@dataclass(frozen=True, slots=True)
class Example:
    """A question in plain words, and the query that asks it."""

    name: str
    question: Text
    query: str


# Where there is no library, one query that fits any graph.
ANYTHING: Final = Example(
    "anything",
    Text("Zehn Aussagen mit der Stelle, an der sie stehen", "Ten statements with the passage they stand in"),
    "SELECT ?subject ?property ?value ?passage\nWHERE { GRAPH ?passage { ?subject ?property ?value } }\nLIMIT 10\n",
)


def read_examples(content: Content | None) -> tuple[Example, ...]:
    """The questions of the query library, the best for a first try in front; at least one."""
    folder = None if content is None else content.queries / "library"
    if folder is None or not folder.is_dir():
        return (ANYTHING,)
    examples = []
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text("utf-8")
        head = dict(_HEAD.findall(text))
        if len(head) == 2:
            query = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#+"))
            examples.append(Example(path.stem, Text(head["summary-de"], head["summary"]), query))
    examples.sort(key=lambda item: (_FIRST.index(item.name) if item.name in _FIRST else len(_FIRST), item.name))
    return tuple(examples) or (ANYTHING,)
