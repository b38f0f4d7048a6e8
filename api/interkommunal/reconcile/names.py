"""The names of a release, and which of them may be meant by what somebody wrote.

Candidates come from the index of trigrams in ``search.sqlite`` (see :mod:`interkommunal.release.names`): the rarest
trigrams of what was written, up to a number of names to look at, so that a release with a hundred thousand things costs
hardly more than a small one.
"""

from __future__ import annotations

import itertools
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interkommunal.errors import ReleaseError
from interkommunal.namespaces import ID
from interkommunal.reconcile.likeness import Wording, wording
from interkommunal.release import names
from interkommunal.release.search import FORMAT
from interkommunal.texts import Language

# Names that are looked at for one question, and that are compared in full at least.
_LOOKED_AT: Final = 10_000
_COMPARED: Final = 24
# Trigrams that are looked up; the rarest ones tell enough of a long name.
_TRIGRAMS: Final = 24
# A name that shares less than this part of what the best one shares is no candidate.
_LEAST_SHARED: Final = 2
# Numbers of names that stay in memory for trigrams asked before, keys of names, and things.
_KEPT_NUMBERS: Final = 4_000_000
_KEPT_KEYS: Final = 200_000
_KEPT_THINGS: Final = 50_000
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Key:
    """A name in the form that is compared.

    Attributes:
        wording: its words. entry: number of the thing. rule: how it was made, empty if the graph says it.
    """

    wording: Wording
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


class Names:
    """The names of one release. Belongs to one thread at a time.

    Args:
        path: the file ``search.sqlite`` of a release.

    Raises:
        ReleaseError: it cannot be opened or was made for another version of this program.
    """

    def __init__(self, path: Path) -> None:
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
        self._numbers: dict[str, tuple[int, ...]] = {}
        self._numbers_kept = 0
        self._keys: dict[int, Key] = {}
        self._things: dict[tuple[int, Language], Thing] = {}

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
            shared.update(self._having(trigram))
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
            f"SELECT entry, scheme, exact FROM identifier WHERE value IN ({', '.join('?' * len(values))}) "
            "ORDER BY exact DESC, entry",
            values,
        )
        return [(entry, scheme, bool(exact)) for entry, scheme, exact in rows]

    def identifiers(self, entries: Sequence[int]) -> dict[int, list[tuple[str, str, bool]]]:
        """Identifiers of things: scheme, value, and whether it is theirs alone; those that are come first."""
        found: dict[int, list[tuple[str, str, bool]]] = {entry: [] for entry in entries}
        for some in _slices(list(found)):
            rows = self._database.execute(
                f"SELECT entry, scheme, value, exact FROM identifier WHERE entry IN ({', '.join('?' * len(some))}) "
                "ORDER BY entry, exact DESC, scheme, value",
                some,
            )
            for entry, scheme, value, exact in rows:
                found[entry].append((scheme, value, bool(exact)))
        return found

    def of_classes(self, classes: Iterable[str], *, every: bool) -> frozenset[int]:
        """Numbers of the things that have one of the classes, or all."""
        asked = frozenset(classes)
        return frozenset(
            entry for entry, its in self._classes.items() if (asked <= its if every else not asked.isdisjoint(its))
        )

    def number(self, iri: str) -> int | None:
        """The number of a thing, or ``None`` if it is none that is reconciled."""
        row = self._database.execute(
            "SELECT id FROM entry JOIN described ON described.entry = entry.id WHERE iri = ?", (iri,)
        ).fetchone()
        return None if row is None else int(row[0])

    def things(self, entries: Sequence[int], language: Language) -> dict[int, Thing]:
        """Things by their numbers."""
        kept = self._things
        if len(kept) > _KEPT_THINGS:
            kept.clear()
        for some in _slices([entry for entry in dict.fromkeys(entries) if (entry, language) not in kept]):
            rows = self._database.execute(
                f"SELECT id, iri, label_{language}, described.{language}, class, mentions FROM entry "  # never typed
                f"JOIN described ON described.entry = entry.id WHERE id IN ({', '.join('?' * len(some))})",
                some,
            )
            for number, iri, label, description, class_, mentions in rows:
                others = sorted(self.classes(number) - {class_})
                classes = (class_, *others) if class_ else tuple(others)
                kept[number, language] = Thing(iri.removeprefix(ID), label, description, classes, mentions)
        return {entry: kept[entry, language] for entry in entries if (entry, language) in kept}

    def schema(self) -> list[tuple[str, str, str, str, str, str, int]]:
        """Classes and properties: IRI, role, labels in German and English, definitions, number of things."""
        return self._database.execute(
            "SELECT iri, role, label_de, label_en, definition_de, definition_en, entries FROM schema_term "
            "ORDER BY entries DESC, iri"
        ).fetchall()

    def schemes(self) -> list[tuple[str, int]]:
        """Schemes of identifiers, and how many things have one."""
        return self._database.execute(
            "SELECT scheme, count(DISTINCT entry) FROM identifier GROUP BY scheme ORDER BY 2 DESC, scheme"
        ).fetchall()

    def used_by(self, class_: str) -> list[str]:
        """Properties (IRIs) and schemes of identifiers that things of a class have, the most frequent first."""
        return [
            name
            for name, _ in self._database.execute(
                "SELECT property, entries FROM schema_use WHERE class = ?1 UNION ALL "
                "SELECT scheme, count(DISTINCT identifier.entry) FROM identifier "
                "JOIN class_of ON class_of.entry = identifier.entry WHERE class = ?1 GROUP BY scheme "
                "ORDER BY 2 DESC, 1",
                (class_,),
            )
        ]

    def known_as(self, entry: int) -> list[str]:
        """The names that the graph gives a thing."""
        rows = self._database.execute("SELECT text FROM name WHERE entry = ? AND rule = '' ORDER BY id", (entry,))
        return [text for (text,) in rows]

    def quoted(self, entry: int) -> tuple[str, str] | None:
        """A sentence of a source that names the thing, and the IRI of its passage."""
        row = self._database.execute(
            "SELECT wording.text, entry.iri FROM mention JOIN entry ON entry.id = mention.passage "
            "JOIN wording ON wording.entry = entry.id AND wording.field = 'quote' "
            "WHERE mention.entry = ? ORDER BY mention.passage, wording.position LIMIT 1",
            (entry,),
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def beginning(self, form: str, most: int, first: int) -> list[int]:
        """Numbers of things with a name of which a word goes on like this; those with the whole name first."""
        return [
            entry
            for (entry,) in self._database.execute(
                "SELECT name.entry FROM name_key JOIN name ON name.id = name JOIN entry ON entry.id = name.entry "
                "WHERE instr(' ' || key, ' ' || ?1) > 0 GROUP BY name.entry "
                "ORDER BY min(key <> ?1), min(instr(key, ?1) <> 1), mentions DESC, iri LIMIT ?2 OFFSET ?3",
                (form, most, first),
            )
        ]

    def _having(self, trigram: str) -> tuple[int, ...]:
        found = self._numbers.get(trigram)
        if found is None:
            rows = self._database.execute(
                f"SELECT rowid FROM {names.TABLE} WHERE {names.TABLE} MATCH ?", (f'"{trigram}"',)
            )
            found = tuple(row[0] for row in rows)
            if self._numbers_kept > _KEPT_NUMBERS:
                self._numbers.clear()
                self._numbers_kept = 0
            self._numbers[trigram] = found
            self._numbers_kept += len(found)
        return found

    def _read(self, numbers: Sequence[int]) -> list[Key]:
        keys = self._keys
        lacking = [number for number in numbers if number not in keys]
        if len(keys) > _KEPT_KEYS:
            lacking = list(numbers)
            keys.clear()
        for some in _slices(lacking):
            rows = self._database.execute(
                "SELECT name_key.id, key, entry, rule FROM name_key JOIN name ON name.id = name "
                f"WHERE name_key.id IN ({', '.join('?' * len(some))})",
                some,
            )
            for number, text, entry, rule in rows:
                keys[number] = Key(wording(text), entry, rule)
        return [keys[number] for number in numbers]


def _slices(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]


def open_names(path: Path) -> Names | None:
    """The names in the index at ``path``, or ``None`` if there is none or it is of another format."""
    with suppress(ReleaseError):
        return Names(path) if path.is_file() else None
    return None
