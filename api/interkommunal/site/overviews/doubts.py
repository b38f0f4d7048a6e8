"""The discrepancies: what is in doubt, where, how it may be read, and how the graph treats it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from pyoxigraph import NamedNode

from interkommunal.site.figures.figure import write_csv
from interkommunal.site.overviews.overview import Questions, Values, View, grouped, lines_of, named_lines, slug
from interkommunal.texts import Text

KEY: Final = "discrepancies"
TITLE: Final = Text("What is in doubt")
HINT: Final = Text("Contradictions, gaps, open readings")
LEAD: Final = Text(
    "Here the source contradicts itself, is damaged or leaves something open. None of it is "
    "corrected silently: each entry names the passages and says how the graph treats them."
)
_PLAIN: Final = "status-asserted"
# What is known of some discrepancies, by their IRIs, as the template shows it.
Known = dict[str, list[dict[str, Any]]]


class Discrepancy(NamedTuple):
    """A discrepancy.

    Attributes:
        row: of ``discrepancies.rq``, with its label, number (``I01``), comment and how the graph treats it.
        href: address of its page; ``key`` the last part of its IRI.
        kinds: their names by slug.
    """

    row: Values
    href: str | None
    key: str
    kinds: dict[str, str]


async def read_doubts(questions: Questions, view: View) -> list[Discrepancy]:
    """All discrepancies, by number."""
    found = grouped(await questions.ask("discrepancies", view.language), "discrepancy")
    return [
        Discrepancy(rows[0], view.site.page(iri), slug(iri), {slug(row["kind"]): row["kind_label"] for row in rows})
        for (iri,), rows in found.items()
    ]


def kinds_of(doubts: Iterable[Discrepancy]) -> list[tuple[str, str, int]]:
    """Slug and name of each kind, and how many discrepancies are of it; the commonest first."""
    counts = Counter(kind for item in doubts for kind in item.kinds.items())
    return sorted(((*kind, count) for kind, count in counts.items()), key=lambda item: (-item[2], item[0]))


async def read_passages(questions: Questions, view: View, doubts: Sequence[Discrepancy]) -> Known:
    """The passages of some discrepancies, in the order of the text: address, lines in words, quote, who speaks, and
    the word for each status but the plain one by slug.
    """
    found: Known = {}
    for (iri, passage), rows in (await _about("doubtful-passages", "passage", questions, view, doubts)).items():
        statuses = {slug(row["status"]): row["status_label"] for row in rows if row["status"]}
        statuses.pop(_PLAIN, None)
        shown = {
            "href": view.site.page(passage),
            "lines": named_lines(lines_of(rows), view.language),
            "quote": rows[0]["quote"],
            "voice": rows[0]["voice_label"],
            "statuses": statuses,
        }
        found.setdefault(iri, []).append(shown)
    return found


async def read_readings(questions: Questions, view: View, doubts: Sequence[Discrepancy]) -> Known:
    """The possible readings of some discrepancies: text, and name and address of what each would hold for."""
    found: Known = {}
    for (iri, _), rows in (await _about("readings", "reading", questions, view, doubts)).items():
        candidates = [(row["candidate_label"], view.site.page(row["candidate"])) for row in rows if row["candidate"]]
        found.setdefault(iri, []).append({"text": rows[0]["comment"], "candidates": list(dict.fromkeys(candidates))})
    return found


async def _about(
    name: str, column: str, questions: Questions, view: View, doubts: Sequence[Discrepancy]
) -> dict[tuple[str, ...], list[Values]]:
    nodes = [NamedNode(item.row["discrepancy"]) for item in doubts]
    rows = await questions.ask(name, view.language, discrepancy=nodes) if nodes else []
    return grouped(rows, "discrepancy", column)


def doubts_csv(doubts: Iterable[Discrepancy], passages: Known) -> str:
    """The discrepancies as CSV, one row a passage; a discrepancy without one has one row too."""
    said, told = ("comment", "resolution"), ("lines", "voice", "quote")
    rows = [
        [
            *(item.row[name] for name in ("discrepancy", "identifier", "discrepancy_label")),
            " ".join(item.kinds),
            *(item.row[name] for name in said),
            *(passage[name] for name in told),
        ]
        for item in doubts
        for passage in passages.get(item.row["discrepancy"], [dict.fromkeys(told, "")])
    ]
    return write_csv(("discrepancy", "identifier", "label", "kinds", *said, *told), rows)
