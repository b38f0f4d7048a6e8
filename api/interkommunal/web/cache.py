"""Answers that were given before, bounded in bytes; the least recently used leave first.

Two doors lead to an entry. The long one is the meaning of a request: release, query, dataset, format and limits. The
short one is its wording: query string, ``Accept`` and ``Accept-Encoding``, byte for byte; who asks in the same words
gets the same bytes without anything being parsed. A release is part of the meaning, so nothing stale can be found.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from interkommunal.web.representation import Representation, Variant

Meaning = Hashable
Wording = tuple[bytes, bytes, bytes]

# A representation larger than this share of the cache is not kept: it would push out too many others.
_LARGEST_SHARE: Final = 4
# How many wordings lead to one entry; a client that varies them must not fill the memory.
_WORDINGS: Final = 16
_WORDING_COST: Final = 400


@dataclass(slots=True)
class Entry:
    """An answer that can be cached.

    Attributes:
        meaning: what was asked. representation: what is answered.
        key_bytes: about the size of ``meaning`` and ``wordings``.
        weight: what it costs in the cache; 0 while it is not there.
        wordings: in which words it was asked for.
    """

    meaning: Meaning
    representation: Representation
    key_bytes: int
    weight: int = 0
    wordings: list[Wording] = field(default_factory=list)


class AnswerCache:
    """Answers by meaning and by wording. Belongs to one event loop.

    Args:
        max_bytes: memory for bodies and keys; 0 keeps nothing.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._entries: OrderedDict[Meaning, Entry] = OrderedDict()
        self._short: dict[Wording, tuple[Entry, Variant]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def by_wording(self, wording: Wording) -> tuple[Entry, Variant] | None:
        """What was answered to the same words."""
        found = self._short.get(wording)
        if found is not None:
            self._entries.move_to_end(found[0].meaning)
        return found

    def by_meaning(self, meaning: Meaning) -> Entry | None:
        """What was answered to the same question."""
        entry = self._entries.get(meaning)
        if entry is not None:
            self._entries.move_to_end(meaning)
        return entry

    def keep(self, entry: Entry) -> None:
        """Keep an answer, if it is not too large."""
        self._drop(entry.meaning)
        if (entry.representation.weight + entry.key_bytes) * _LARGEST_SHARE <= self.max_bytes:
            self._entries[entry.meaning] = entry
            self._weigh(entry)

    def learn(self, entry: Entry, wording: Wording, variant: Variant) -> None:
        """Remember that these words ask for this variant; call it after a variant was made."""
        if self._entries.get(entry.meaning) is not entry:
            return
        cost = len(wording[0]) + len(wording[1]) + len(wording[2]) + _WORDING_COST
        if len(entry.wordings) < _WORDINGS and wording not in self._short and cost * _LARGEST_SHARE <= self.max_bytes:
            entry.wordings.append(wording)
            entry.key_bytes += cost
            self._short[wording] = (entry, variant)
        self._weigh(entry)

    def clear(self) -> None:
        """Forget everything, because another release is served."""
        self._entries.clear()
        self._short.clear()
        self.bytes = 0

    def _weigh(self, entry: Entry) -> None:
        weight = entry.key_bytes + entry.representation.weight
        self.bytes += weight - entry.weight
        entry.weight = weight
        while self.bytes > self.max_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, meaning: Meaning) -> None:
        entry = self._entries.pop(meaning, None)
        if entry is not None:
            self.bytes -= entry.weight
            for wording in entry.wordings:
                del self._short[wording]
