"""What a portal does with a catalogue, told from what was seen: what it would create, change, delete and pass over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from interkommunal.doctor.catalogue import Catalogue, Node, Record
from interkommunal.doctor.finding import Finding
from interkommunal.texts import Text

Kind = Literal["create", "update", "keep", "delete", "skip"]
KINDS: Final[tuple[Kind, ...]] = ("create", "update", "keep", "delete", "skip")


@dataclass(frozen=True, slots=True)
class Action:
    """What a portal does with a dataset. ``guid`` is by what it knows it; ``why`` says why it is passed over."""

    kind: Kind
    guid: str
    title: str
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a portal makes of a catalogue.

    Attributes:
        reads: whether it harvests it at all. actions: what it does then.
        findings: what it stumbles over. stops: those of them that end its harvest.
    """

    portal: Portal
    reads: bool
    actions: tuple[Action, ...]
    findings: tuple[Finding, ...]
    stops: tuple[Finding, ...]

    def count(self, kind: Kind) -> int:
        """How many datasets it does that with."""
        return sum(1 for action in self.actions if action.kind == kind)


@dataclass(frozen=True)
class Portal:
    """A portal.

    Attributes:
        key: as rules name it. name: for people. how: how it reads, in a sentence.
        guid: by what it knows a dataset; ``None`` if by nothing.
        passes_over: why it would not take a dataset, ``None`` if it takes it.
        always_updates: whether it writes a known dataset again although nothing changed.
        keeps: of datasets with the same guid, the ``first`` or the ``last``.
    """

    key: str
    name: str
    how: Text
    guid: Callable[[Record, str], str | None]
    passes_over: Callable[[Catalogue, Node, Record], Text | None]
    always_updates: bool
    keeps: Literal["first", "last", "all"]

    def judge(
        self, address: str, catalogue: Catalogue, before: Sequence[Record] | None, findings: Sequence[Finding]
    ) -> Verdict:
        """What it makes of ``catalogue``, having seen ``before`` at the last visit, or nothing yet."""
        own = tuple(item for item in findings if self.key in item.rule.portals)
        stops = tuple(item for item in own if self.key in item.rule.stops)
        if stops:
            return Verdict(self, False, (), own, stops)
        return Verdict(self, True, tuple(self._actions(address, catalogue, before)), own, ())

    def _actions(self, address: str, catalogue: Catalogue, before: Sequence[Record] | None) -> list[Action]:
        known = {self.guid(record, address): record for record in before or ()}
        actions: list[Action] = []
        found: set[str] = set()
        pairs = list(zip(catalogue.datasets, catalogue.records, strict=True))
        shared = Counter(self.guid(record, address) for _, record in pairs)
        left = dict(shared)
        for dataset, record in pairs:
            guid = self.guid(record, address)
            if guid is None:
                actions.append(Action("skip", "", record.title, _NO_GUID))
                continue
            left[guid] -= 1
            why = self.passes_over(catalogue, dataset, record)
            if why is None and shared[guid] > 1 and self.keeps != "all":
                kept = left[guid] == (0 if self.keeps == "last" else shared[guid] - 1)
                why = None if kept else _SHARED
            if why is not None:
                actions.append(Action("skip", guid, record.title, why))
                continue
            found.add(guid)
            last = known.get(guid)
            if last is None:
                actions.append(Action("create", guid, record.title))
            elif self.always_updates or (last.content, last.modified) != (record.content, record.modified):
                actions.append(Action("update", guid, record.title))
            else:
                actions.append(Action("keep", guid, record.title))
        for guid, record in known.items():
            if guid is not None and guid not in found:
                actions.append(Action("delete", guid, record.title))
        return actions


_NO_GUID: Final = Text("there is nothing to know it by")
_SHARED: Final = Text("another dataset has the same identifier")


def takes_all(catalogue: Catalogue, dataset: Node, record: Record) -> Text | None:
    """For portals that pass over nothing."""
    return None
