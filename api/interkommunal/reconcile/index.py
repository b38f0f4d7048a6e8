"""The names of a release: which of them may be meant by what somebody wrote, and what is known of their things.

Candidates come from the index of trigrams in ``search.sqlite`` (see :mod:`interkommunal.release.names`): the rarest
trigrams of what was written, up to a number of names to look at, so that a release with a hundred thousand things costs
hardly more than a small one. Looking up takes a processor, and the index belongs to one thread: :class:`IndexThread`,
which is given a few questions at a time, so that a large batch does not hold up a small one, nor the event loop.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import orjson
from cachetools import FIFOCache

from interkommunal.errors import EngineUnavailable, QueueFull, ReleaseError
from interkommunal.namespaces import ID
from interkommunal.reconcile.likeness import ComparedName, compared
from interkommunal.reconcile.schema import Schema
from interkommunal.release import names
from interkommunal.release.release import Release
from interkommunal.release.search import FORMAT, NAME
from interkommunal.texts import Language, label_language
from interkommunal.web.publication import Publication

T = TypeVar("T")

# Names that are looked at for one question, and that are compared in full at least.
_LOOKED_AT: Final = 10_000
_COMPARED: Final = 24
# Trigrams that are looked up; the rarest ones tell enough of a long name.
_TRIGRAMS: Final = 24
# A name that shares less than this part of what the best one shares is no candidate.
_LEAST_SHARED: Final = 2
# What stays in memory: numbers of names for trigrams asked before, keys of names, things.
_KEPT_NUMBERS: Final = 4_000_000
_KEPT_KEYS: Final = 200_000
_KEPT_THINGS: Final = 50_000
# Requests that may wait for their turn.
_MOST_WAITING: Final = 64
# SQL: one of the numbers in a parameter, which :func:`_numbers` writes.
_AMONG: Final = "IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Key:
    """A name in the form that is compared.

    Attributes:
        name: its words. entry: number of the thing. rule: how it was made, empty if the graph says it.
    """

    name: ComparedName
    entry: int
    rule: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be meant.

    Attributes:
        id: its IRI without :data:`interkommunal.namespaces.ID`.
        label, description: in the language asked for. classes: IRIs, its own class first.
        mentions: number of passages that name it.
    """

    id: str
    label: str
    description: str
    classes: tuple[str, ...]
    mentions: int

    @property
    def iri(self) -> str:
        """Its IRI."""
        return ID + self.id


class NameIndex:
    """The names of one release. Belongs to one thread at a time.

    Args:
        path: the file ``search.sqlite`` of a release.
        release: the release.

    Attributes:
        schema: types and properties of the release.

    Raises:
        ReleaseError: it cannot be opened or was made for another version of this program.
    """

    def __init__(self, path: Path, release: Release | None = None) -> None:
        self.release = release
        try:
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            (found,) = self._database.execute("PRAGMA user_version").fetchone()
            if found != FORMAT:
                raise ReleaseError(f"the search index {path} is of format {found}, not {FORMAT}; build it again")
            self._load()
        except sqlite3.Error as error:
            raise ReleaseError(f"cannot read the search index {path}: {error}") from error

    def _load(self) -> None:
        ask = self._database.execute
        self._entry_of = array("I", [0])
        self._length_of = array("H", [0])
        query = (
            "SELECT name.entry, min(length(key), 65535) FROM name_key JOIN name ON name.id = name ORDER BY name_key.id"
        )
        for entry, length in ask(query):
            self._entry_of.append(entry)
            self._length_of.append(length)
        ask(f"CREATE VIRTUAL TABLE temp.trigram USING fts5vocab('main', '{names.TABLE}', 'row')")
        self._frequency: dict[str, int] = dict(ask("SELECT term, doc FROM temp.trigram"))
        self._classes: dict[int, frozenset[str]] = {}
        sets: dict[str, frozenset[str]] = {}
        for entry, joined in ask("SELECT entry, group_concat(class, ' ') FROM class_of GROUP BY entry"):
            self._classes[entry] = sets.setdefault(joined, frozenset(joined.split(" ")))
        self._having: FIFOCache[str, tuple[int, ...]] = FIFOCache(_KEPT_NUMBERS, getsizeof=len)
        self._keys: FIFOCache[int, Key] = FIFOCache(_KEPT_KEYS)
        self._things: FIFOCache[tuple[int, Language], Thing] = FIFOCache(_KEPT_THINGS)
        terms = ask(
            "SELECT iri, role, label_de, label_en, definition_de, definition_en, entries FROM schema_term "
            "ORDER BY entries DESC, iri"
        )
        registers = ask("SELECT scheme, count(DISTINCT entry) FROM identifier GROUP BY scheme ORDER BY 2 DESC, scheme")
        self.schema = Schema(terms.fetchall(), registers.fetchall())

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def classes(self, entry: int) -> frozenset[str]:
        """The classes of a thing."""
        return self._classes.get(entry, frozenset())

    def similar(self, form: str, wanted: frozenset[int] | None = None, most: int = 0) -> list[Key]:
        """Names that may be meant, the most likely first.

        Args:
            form: words, folded, with single spaces.
            wanted: numbers of the things among which to look; all if not given.
            most: of names; a few more are no trouble.
        """
        padded = f" {form} "
        trigrams = {padded[place : place + 3] for place in range(len(padded) - 2)}
        known = sorted((self._frequency[item], item) for item in trigrams if item in self._frequency)[:_TRIGRAMS]
        shared: Counter[int] = Counter()
        budget, used = _LOOKED_AT, 0
        for number, trigram in known:
            if used and number > budget:
                break
            budget -= number
            used += 1
            shared.update(self._names_with(trigram))
        entry_of, length_of = self._entry_of, self._length_of
        if wanted is not None:
            shared = Counter({key: number for key, number in shared.items() if entry_of[key] in wanted})
        if not shared:
            return []
        best = max(shared.values())
        # Which share of either's trigrams the other has too.
        ranked = sorted(
            (
                (number / used + 2 * number / (used + length_of[key]), -length_of[key], key)
                for key, number in shared.items()
                if number * _LEAST_SHARED >= best
            ),
            reverse=True,
        )
        likely = itertools.takewhile(lambda item: item[0] * _LEAST_SHARED >= ranked[0][0], ranked)
        return self._read([key for _, _, key in itertools.islice(likely, max(_COMPARED, most))])

    def identified(self, *values: str) -> list[tuple[int, str, bool]]:
        """Things that have one of these as identifier: number, scheme, and whether it is theirs alone."""
        rows = self._database.execute(
            f"SELECT entry, scheme, exact FROM identifier WHERE value {_AMONG} ORDER BY exact DESC, entry",
            (orjson.dumps(values).decode(),),
        )
        return [(entry, scheme, bool(exact)) for entry, scheme, exact in rows]

    def identifiers(self, entries: Sequence[int]) -> dict[int, list[tuple[str, str, bool]]]:
        """Identifiers of things: scheme, value, and whether it is theirs alone; those that are come first."""
        found: dict[int, list[tuple[str, str, bool]]] = {entry: [] for entry in entries}
        for entry, scheme, value, exact in self._database.execute(
            f"SELECT entry, scheme, value, exact FROM identifier WHERE entry {_AMONG} "
            "ORDER BY entry, exact DESC, scheme, value",
            _numbers(entries),
        ):
            found[entry].append((scheme, value, bool(exact)))
        return found

    def of_classes(self, classes: Iterable[str], *, every: bool) -> frozenset[int]:
        """Numbers of the things that have one of the classes, or all."""
        asked = frozenset(classes)
        return frozenset(
            entry for entry, its in self._classes.items() if (asked <= its if every else not asked.isdisjoint(its))
        )

    def number(self, iri: str) -> int | None:
        """The number of a thing, or ``None`` if nothing of this IRI can be meant."""
        row = self._database.execute(
            "SELECT id FROM entry JOIN described ON described.entry = entry.id WHERE iri = ?", (iri,)
        ).fetchone()
        return None if row is None else int(row[0])

    def things(self, entries: Iterable[int], language: Language) -> dict[int, Thing]:
        """Things by their numbers."""
        found = {entry: self._things.get((entry, language)) for entry in entries}
        lacking = [entry for entry, thing in found.items() if thing is None]
        own = label_language(language)
        query = (
            f"SELECT id, iri, label_{own}, described.{own}, class, mentions FROM entry "  # never typed
            f"JOIN described ON described.entry = entry.id WHERE id {_AMONG}"
        )
        rows = self._database.execute(query, _numbers(lacking)) if lacking else ()
        for number, iri, label, description, class_, mentions in rows:
            classes = tuple(filter(None, (class_, *sorted(self.classes(number) - {class_}))))
            thing = Thing(iri.removeprefix(ID), label, description, classes, mentions)
            found[number] = self._things[number, language] = thing
        return {entry: thing for entry, thing in found.items() if thing is not None}

    def used_by(self, class_: str) -> list[str]:
        """Properties (IRIs) and schemes of identifiers that things of a class have, the most frequent first."""
        rows = self._database.execute(
            "SELECT property, entries FROM schema_use WHERE class = ?1 UNION ALL "
            "SELECT scheme, count(DISTINCT identifier.entry) FROM identifier "
            "JOIN class_of ON class_of.entry = identifier.entry WHERE class = ?1 GROUP BY scheme "
            "ORDER BY 2 DESC, 1",
            (class_,),
        )
        return [name for name, _ in rows]

    def known_as(self, entry: int) -> list[str]:
        """The names that the graph gives a thing."""
        rows = self._database.execute("SELECT text FROM name WHERE entry = ? AND rule = '' ORDER BY id", (entry,))
        return [text for (text,) in rows]

    def quoted(self, entry: int) -> str:
        """A sentence of a source that names the thing, or nothing."""
        row = self._database.execute(
            "SELECT wording.text FROM mention "
            "JOIN wording ON wording.entry = mention.passage AND wording.field = 'quote' "
            "WHERE mention.entry = ? ORDER BY mention.passage, wording.position LIMIT 1",
            (entry,),
        ).fetchone()
        return "" if row is None else str(row[0])

    def beginning(self, form: str, most: int, first: int) -> list[int]:
        """Numbers of things with a name of which a word goes on like this; those with the whole name first."""
        rows = self._database.execute(
            "SELECT name.entry FROM name_key JOIN name ON name.id = name JOIN entry ON entry.id = name.entry "
            "WHERE instr(' ' || key, ' ' || ?1) > 0 GROUP BY name.entry "
            "ORDER BY min(key <> ?1), min(instr(key, ?1) <> 1), mentions DESC, iri LIMIT ?2 OFFSET ?3",
            (form, most, first),
        )
        return [entry for (entry,) in rows]

    def _names_with(self, trigram: str) -> tuple[int, ...]:
        found = self._having.get(trigram)
        if found is None:
            rows = self._database.execute(
                f"SELECT rowid FROM {names.TABLE} WHERE {names.TABLE} MATCH ?", (f'"{trigram}"',)
            )
            found = tuple(row[0] for row in rows)
            if len(found) <= _KEPT_NUMBERS:
                self._having[trigram] = found
        return found

    def _read(self, numbers: Sequence[int]) -> list[Key]:
        found = {number: self._keys.get(number) for number in numbers}
        if lacking := [number for number, key in found.items() if key is None]:
            rows = self._database.execute(
                f"SELECT name_key.id, key, entry, rule FROM name_key JOIN name ON name.id = name "
                f"WHERE name_key.id {_AMONG}",
                _numbers(lacking),
            )
            for number, text, entry, rule in rows:
                found[number] = self._keys[number] = Key(compared(text), entry, rule)
        return [key for key in found.values() if key is not None]


def _numbers(numbers: Iterable[int]) -> tuple[str]:
    return (orjson.dumps(list(numbers)).decode(),)


class IndexThread:
    """The one thread that looks things up in the index of the release in force. Belongs to one event loop.

    Args:
        publication: the release in force.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._thread = ThreadPoolExecutor(1, "reconcile")
        self._index: NameIndex | None = None
        self._waiting = 0

    async def index(self) -> NameIndex:
        """That of the release in force now.

        Raises:
            EngineUnavailable: the release has no index that can be read.
        """
        release = self._publication.release
        if self._index is None or self._index.release is not release:
            # The old index is not closed here: work may be under way. It goes with its last user.
            self._index = await self.work(lambda: _opened(release))
        return self._index

    async def work(self, task: Callable[[], T]) -> T:
        """The result of ``task``, done in the thread.

        Raises:
            QueueFull: too many wait already.
        """
        if self._waiting >= _MOST_WAITING:
            raise QueueFull("too many names wait to be looked up already; try again shortly", retry_after=1)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, task)
        finally:
            self._waiting -= 1


def _opened(release: Release | None) -> NameIndex:
    if release is not None and NAME in release.manifest.files:
        try:
            return NameIndex(release.path(NAME), release)
        except ReleaseError:
            pass
    raise EngineUnavailable("this release has no index of names; build it again: interkommunal build", 60)
