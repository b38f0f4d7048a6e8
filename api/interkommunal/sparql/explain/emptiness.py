"""Where the rows of a query run out: counts them after each pattern, and finds the fewest patterns that find nothing.

In: the outermost WHERE, cut into patterns, and a probe. Out: the steps, and at most one finding. OPTIONAL and BIND take
no row away, so they are passed by; FILTERs come last, as SPARQL has it (§5.2.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from interkommunal.sparql.explain.finding import Finding, Place, Step, Words
from interkommunal.sparql.explain.probe import COUNTED, Probe
from interkommunal.sparql.explain.text import Pattern, QueryText

_PASSED = frozenset(("OPTIONAL", "BIND"))


@dataclass
class Emptiness:
    """Looks for the pattern after which nothing is left.

    Attributes:
        text: the query. probe: asks the graph.
        steps: patterns and the rows left after them, as far as it came.
    """

    text: QueryText
    probe: Probe
    steps: list[Step] = field(default_factory=list)

    async def find(self) -> Finding | None:
        """Why the patterns find nothing, or ``None`` if they find something.

        Raises:
            SpentError: it took too many questions.
        """
        return await self._descend(self.text.patterns(), "", "")

    async def _count(self, where: str) -> int:
        return await self.probe.count(self.text.head, self.text.dataset, where)

    async def _descend(self, patterns: tuple[Pattern, ...], before: str, after: str) -> Finding | None:
        ordered = [item for item in patterns if item.sort != "FILTER"]
        ordered += [item for item in patterns if item.sort == "FILTER"]
        kept: list[Pattern] = []
        for pattern in ordered:
            kept.append(pattern)
            if pattern.sort in _PASSED:
                continue
            rows = await self._count(_where(before, kept, after))
            if pattern.inner and not rows:
                inner = await self._descend(
                    pattern.inner, f"{_where(before, kept[:-1], '')} {pattern.head}", f"}} {after}"
                )
                if inner is not None:
                    return inner
            self.steps.append(Step(pattern.shown, pattern.place, min(rows, COUNTED), rows > COUNTED))
            if not rows:
                return await self._blame(pattern, kept[:-1], before, after)
        return None

    async def _blame(self, pattern: Pattern, earlier: list[Pattern], before: str, after: str) -> Finding:
        """The finding for ``pattern``, with which nothing is left of what ``earlier`` found."""
        if pattern.sort == "FILTER":
            return Finding(
                "empty-filter",
                "warning",
                Words(
                    "Bis hierher gibt es Zeilen, aber dieser FILTER lässt keine davon durch.",
                    "There are rows up to here, but this FILTER lets none of them through.",
                ),
                None,
                pattern.place,
            )
        if not await self._count(_where(before, [pattern], after)):
            inside = bool(before.strip())
            return Finding(
                "empty-pattern",
                "warning",
                Words(
                    f"Dieses Muster findet schon {'an dieser Stelle ' if inside else 'für sich allein '}nichts: "
                    f"{pattern.shown}",
                    f"This pattern finds nothing {'in its place' if inside else 'even by itself'}: {pattern.shown}",
                ),
                None,
                pattern.place,
            )
        fewest = await self._fewest(pattern, [item for item in earlier if item.sort != "OPTIONAL"], before, after)
        others = "; ".join(item.shown for item in fewest)
        return Finding(
            "empty-together",
            "warning",
            Words(
                f"Jedes Muster findet etwas, aber zusammen mit „{others}“ bleibt bei „{pattern.shown}“ keine Zeile.",
                f"Each pattern finds something, but together with “{others}” no row is left at “{pattern.shown}”.",
            ),
            None,
            pattern.place,
        )

    async def _fewest(self, pattern: Pattern, earlier: list[Pattern], before: str, after: str) -> list[Pattern]:
        """Earlier patterns without which there would be rows: the others are taken away one by one."""
        kept = list(earlier)
        for item in earlier:
            if self.probe.left <= 1:
                break
            fewer = [other for other in kept if other is not item]
            if item.sort == "BIND" or not await self._count(_where(before, [*fewer, pattern], after)):
                kept = fewer
        return kept or earlier


def _where(before: str, patterns: list[Pattern], after: str) -> str:
    return " ".join((before, *(pattern.text for pattern in patterns), after))


def not_counted(place: Place | None = None) -> Finding:
    """The finding that says why nothing was counted."""
    return Finding(
        "not-counted",
        "hint",
        Words(
            "Wie viele Zeilen jedes Muster übrig lässt, war in der erlaubten Zeit nicht festzustellen.",
            "How many rows each pattern leaves could not be found out in the time allowed.",
        ),
        None,
        place,
    )
