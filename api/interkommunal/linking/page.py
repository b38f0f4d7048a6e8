"""A page for reviewing candidates away from the terminal: one file, nothing loaded from elsewhere.

In: a mapping set. Out: HTML. People choose and press a button; the browser saves ``decisions.json``, which
``interkommunal link decide`` takes over. Without JavaScript the page is a list to print.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from interkommunal.graph.mapping_set import CANDIDATE, OPEN, MappingSet
from interkommunal.linking.finding import PAGE, decimal, reasons_in
from interkommunal.linking.review import ANSWERS
from interkommunal.texts import Language

_TEMPLATE: Final = Path(__file__).with_name("review.html")


def review_page(mapping_set: MappingSet, language: Language = "en") -> str:
    """The page for the undecided rows of a set; what it saves is the same in each language."""
    rows = sorted(mapping_set.of_state(CANDIDATE, OPEN), key=lambda row: (row.subject_id, -row.confidence))
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text("utf-8")).render(
        name=mapping_set.authority.name,
        slug=mapping_set.authority.slug,
        rows=rows,
        language=language,
        say={key: text.in_(language) for key, text in PAGE.items()},
        answers=tuple(ANSWERS),
        confidence=lambda row: decimal(str(row.confidence), language),
        reasons=lambda row: reasons_in(row.comment, language),
    )
