"""Searches the index of a release: words, parts of words, words with typing errors; and marks what of a text matches.

This is the one other door beside the engine: ``search.sqlite`` of the release (see :mod:`interkommunal.release.search`)
is opened read-only and as immutable, so that SQLite neither locks nor writes, and every search carries a time limit.
What a visitor types never reaches FTS5 as syntax: only its words do, folded, each in quotation marks.
"""

from __future__ import annotations

import itertools
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import orjson
from rapidfuzz import process
from rapidfuzz.distance import OSA

from interkommunal.errors import QueryTimeout, ReleaseError
from interkommunal.namespaces import GRAPH, ID, SHAPE
from interkommunal.normal import normal_text
from interkommunal.release.folding import forms, words
from interkommunal.release.search import FORMAT
from interkommunal.site.overviews.classes import class_name
from interkommunal.texts import Language, label_language

Only = Callable[[str], bool] | None

# What is read of a search; a visitor is told if there was more.
LONGEST: Final = 200
_MOST_WORDS: Final = 12
_MOST_HITS: Final = 2000
# Words with typing errors: from how many letters on, and how alike (1 is the same; a swap of neighbours is one error).
_CORRECTED_FROM: Final = 4
_ALIKE: Final = 0.75
_PART: Final = 4
# Trigrams find nothing shorter.
_TRIGRAM: Final = 3
# Of a match in label, name, designation, text, and in a sentence that names the entry.
_WEIGHTS: Final = "12.0, 8.0, 3.0, 1.0, 0.3"
_OWN: Final = "{label name note text}"
_NAMES: Final = "{label name}"
# Compounds that nobody wrote as one word are parted up to this length; German puts these between the parts.
_LONGEST_COMPOUND: Final = 40
_LINKS: Final = ("", "s", "es", "n", "en")
_MOST_PASSAGES: Final = 40
# Of a long text, so much is shown, and so much before the first match.
_LONGEST_EXCERPT: Final = 260
_BEFORE_MATCH: Final = 90


class Segment(NamedTuple):
    """A piece of a text, and whether it matches."""

    text: str
    match: bool


class WantedWord(NamedTuple):
    """A word that is looked for: as written, and its forms."""

    written: str
    forms: tuple[str, ...]

    @property
    def as_word(self) -> str:
        """FTS5: words that begin with it."""
        return " OR ".join(f'"{form}"*' for form in self.forms)

    @property
    def as_part(self) -> str:
        """FTS5: what contains it; empty if it is too short for that."""
        return " OR ".join(f'"{form}"' for form in self.forms if len(form) >= _TRIGRAM)


class Hit(NamedTuple):
    """Something found.

    Attributes:
        iri: the thing.
        label: its label in pieces, those that match marked.
        statuses: IRI and label of each status, if it is a passage.
        sentence: a text of it, or of a passage that names it, in pieces; empty if there is none.
        passage: IRI of the passage that the sentence is from; empty if it is a text of the thing itself.
        quoted: whether the sentence is a quote of a source.
    """

    iri: str
    label: tuple[Segment, ...]
    statuses: tuple[tuple[str, str], ...]
    sentence: tuple[Segment, ...]
    passage: str
    quoted: bool


class HitGroup(NamedTuple):
    """Hits of one class (an IRI), with its name and how many of them there are in all."""

    class_: str
    name: str
    total: int
    hits: tuple[Hit, ...]


class SearchResult(NamedTuple):
    """What a search found.

    Attributes:
        total: number of hits; ``more`` whether there may be more than were looked at.
        groups: by class, the best first.
        corrections: words that are nowhere, and what was looked for in place of each.
        loose: whether no entry has all words, so that some words were enough.
        cut: whether what was typed was longer than what is read.
    """

    total: int
    groups: tuple[HitGroup, ...]
    corrections: dict[str, str] = {}  # noqa: RUF012 - never written to
    loose: bool = False
    cut: bool = False
    more: bool = False


class Suggestion(NamedTuple):
    """What may be meant: name, class in words, IRI."""

    label: str
    kind: str
    iri: str


class SearchIndex:
    """The search index of one release. May be used from several threads.

    Args:
        path: the file ``search.sqlite`` of a release.
        seconds: that a search may take.

    Raises:
        ReleaseError: it cannot be opened or was made for another version of this program.
    """

    def __init__(self, path: Path, seconds: float = 2.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._deadline = math.inf
        try:
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            (found,) = self._database.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise ReleaseError(f"cannot read the search index {path}: {error}") from error
        if found != FORMAT:
            self._database.close()
            raise ReleaseError(
                f"the search index {path} is of format {found}, this program reads format {FORMAT}; "
                "build the release again: interkommunal build"
            )
        self._database.set_progress_handler(lambda: int(time.monotonic() > self._deadline), 1_000)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        with self._lock:
            self._deadline = time.monotonic() + self._seconds
            try:
                yield
            except sqlite3.OperationalError as error:
                if "interrupted" in str(error):
                    message = f"the search took longer than {self._seconds:g} seconds"
                    raise QueryTimeout(message, self._seconds) from None
                raise ReleaseError(f"the search index is damaged: {error}") from error

    def find(self, typed: str, language: Language, only: Only = None, first: int = 0, most: int = 5) -> SearchResult:
        """What is found for ``typed``.

        Args:
            typed: anything; only its words count.
            language: of labels.
            only: whether hits of a class (IRI) are shown; all if not given. They are counted all the same.
            first: number of hits of each class to pass over.
            most: number of hits of each class to show.

        Raises:
            QueryTimeout: it takes too long.
        """
        wanted, cut = read(typed)
        if not wanted:
            return SearchResult(0, (), cut=cut)
        with self._timed():
            corrected, corrections = self._correct(wanted)
            scores = self._matches(corrected)
            loose = not scores and len(corrected) > 1
            if loose:  # those with more of the words come first
                for item in corrected:
                    for number, score in self._matches([item]).items():
                        scores[number] = scores.get(number, 0.0) + score - 10
            entries = self._entries(scores, corrected, language)
            names = self._names(language)
            by_class: dict[str, list[tuple[float, str, int, str, str]]] = {}
            for entry in entries:
                by_class.setdefault(entry[4], []).append(entry)
            groups = tuple(
                HitGroup(
                    class_,
                    names.get(class_, ""),
                    len(found),
                    tuple(
                        self._hit(label, number, iri, corrected, language, names)
                        for _, label, number, iri, _ in found[first : first + most]
                    ),
                )
                for class_, found in sorted(by_class.items(), key=lambda item: (item[1][0][0], item[0]))
                if only is None or only(class_)
            )
        return SearchResult(len(entries), groups, corrections, loose, cut, len(scores) >= _MOST_HITS)

    def suggest(self, typed: str, language: Language, most: int = 8) -> list[Suggestion]:
        """Things whose names go on like this, the most likely first.

        Raises:
            QueryTimeout: it takes too long.
        """
        wanted, _ = read(typed)
        if not wanted:
            return []
        found: dict[tuple[str, str], Suggestion] = {}
        with self._timed():
            corrected, _ = self._correct(wanted)
            names = self._names(language)
            for _, label, _, iri, class_ in self._entries(self._matches(corrected, _NAMES), corrected, language):
                kind = names.get(class_, "")
                found.setdefault((label, kind), Suggestion(label, kind, iri))
        return list(found.values())[:most]

    def _matches(self, wanted: Sequence[WantedWord], columns: str = _OWN) -> dict[int, float]:
        """Entries that have all words, with a score (less is better).

        A word may also stand in a sentence that names the entry, if another one stands in its name: ``Essen Forum``
        finds the forum of which a sentence says that it was in Essen.
        """
        scores: dict[int, float] = {}
        for table, expressions in (
            ("words", [item.as_word for item in wanted]),
            ("parts", [item.as_part for item in wanted if item.as_part]),
        ):
            if len(expressions) < len(wanted):  # too short for trigrams
                continue
            together = " AND ".join(f"({expression})" for expression in expressions)
            asked = [f"{columns} : ({together})"]
            if len(wanted) > 1 and columns == _OWN:
                any_ = " OR ".join(f"({expression})" for expression in expressions)
                asked.append(f"({together}) AND {_NAMES} : ({any_})")
            # A part of a word counts less than a word, a sentence about it less than its own words.
            for i, expression in enumerate(asked):
                factor = (1.0 if table == "words" else 0.4) * (1.0 if i == 0 else 0.2)
                rows = self._database.execute(
                    f"SELECT rowid, bm25({table}, {_WEIGHTS}) AS score FROM {table} WHERE {table} MATCH ? "
                    "ORDER BY score, rowid LIMIT ?",
                    (expression, _MOST_HITS),
                )
                for number, score in rows:
                    scores[number] = scores.get(number, 0.0) + score * factor
        return scores

    def _exists(self, item: WantedWord) -> bool:
        """Whether a word stands anywhere."""
        for table, expression in (("words", item.as_word), ("parts", item.as_part)):
            query = f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1"
            if expression and self._database.execute(query, (expression,)).fetchone():
                return True
        return False

    def _entries(
        self, scores: dict[int, float], wanted: Sequence[WantedWord], language: Language
    ) -> list[tuple[float, str, int, str, str]]:
        """Score, label, number, IRI and class of the entries, the best first."""
        found = []
        asked = " ".join(item.forms[0] for item in wanted)
        rows = self._database.execute(
            # One of two columns, never typed.
            f"SELECT id, iri, class, label_{label_language(language)}, mentions FROM entry "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (orjson.dumps(list(scores)).decode(),),
        )
        for number, iri, class_, label, mentions in rows:
            # What is called so comes before what only speaks of it; what is named often before what is not.
            folded = " ".join(forms(word.text)[0] for word in words(label))
            bonus = 30.0 if folded == asked else 8.0 if folded.startswith(asked) else 0.0
            # What is no thing of the text steps back: vocabulary, and further the graphs and shapes.
            aside = 40.0 if iri.startswith((GRAPH, SHAPE)) else 0.0 if iri.startswith(ID) else 12.0
            score = scores[number] - bonus - 2 * math.log1p(mentions) + aside
            found.append((score, label, number, iri, class_))
        return sorted(found)

    def _hit(
        self,
        label: str,
        number: int,
        iri: str,
        wanted: Sequence[WantedWord],
        language: Language,
        names: dict[str, str],
    ) -> Hit:
        forms_ = [item.forms for item in wanted]
        (statuses,) = self._database.execute("SELECT statuses FROM entry WHERE id = ?", (number,)).fetchone()
        own = self._database.execute(
            "SELECT text, '', field = 'quote' FROM wording WHERE entry = ? AND field IN ('text', 'quote', 'note') "
            "AND language IN ('', 'de', ?) ORDER BY field = 'note', language <> ?, position",
            (number, label_language(language), label_language(language)),
        )
        told = self._database.execute(
            "SELECT wording.text, entry.iri, 1 FROM mention JOIN entry ON entry.id = mention.passage "
            "JOIN wording ON wording.entry = entry.id AND wording.field = 'quote' "
            "WHERE mention.entry = ? ORDER BY mention.passage, wording.position LIMIT ?",
            (number, _MOST_PASSAGES),
        )
        marked = [(highlighted(text, forms_), passage, bool(quoted)) for text, passage, quoted in (*own, *told)]
        # Of those in which as many words match, the first.
        segments, *origin = max(marked, key=lambda item: sum(part.match for part in item[0]), default=((), "", False))
        marks = tuple((status, names.get(status, "")) for status in statuses.split())
        return Hit(iri, highlighted(label, forms_), marks, excerpt(segments), *origin)

    def _names(self, language: Language) -> dict[str, str]:
        rows = self._database.execute(f"SELECT iri, label_{label_language(language)} FROM term")
        return {iri: class_name(iri, label, language) for iri, label in rows}

    def _correct(self, wanted: Sequence[WantedWord]) -> tuple[list[WantedWord], dict[str, str]]:
        """The words, and in place of those that are nowhere what is likely meant: two parts, or a similar word."""
        taken: list[WantedWord] = []
        corrections: dict[str, str] = {}
        for item in wanted:
            if self._exists(item):
                taken.append(item)
            elif similar := self._similar(item):
                taken.append(WantedWord(similar, forms(similar)))
                corrections[item.written] = similar
            else:
                taken += self._parted(item) or [item]
        return taken, corrections

    def _similar(self, item: WantedWord) -> str | None:
        """The spelling of the word that is most alike; of several the one in most entries."""
        vocabulary = self._vocabulary
        found = [
            (alike, vocabulary[word][1], word)
            for form in item.forms
            if len(form) >= _CORRECTED_FROM
            for word, alike, _ in process.extract(
                form, vocabulary.keys(), scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=5
            )
        ]
        return vocabulary[max(found)[2]][0] if found else None

    def _parted(self, item: WantedWord) -> list[WantedWord] | None:
        """A compound that nobody wrote as one word, in two parts that stand together somewhere."""
        for form in item.forms:
            if len(form) > _LONGEST_COMPOUND:
                continue
            middle = sorted(range(_PART, len(form) - _PART + 1), key=lambda i: abs(2 * i - len(form)))
            for place, ending in itertools.product(middle, _LINKS):
                first = form[:place].removesuffix(ending)
                if len(first) >= _PART and form[:place].endswith(ending):
                    halves = [WantedWord(half, (half,)) for half in (first, form[place:])]
                    if self._matches(halves):
                        return halves
        return None

    @cached_property
    def _vocabulary(self) -> dict[str, tuple[str, int]]:
        return {
            form: (spelling, entries)
            for form, spelling, entries in self._database.execute("SELECT form, spelling, entries FROM word")
            if len(form) >= _CORRECTED_FROM and not form.isdecimal()
        }


def read(typed: str) -> tuple[list[WantedWord], bool]:
    """The words of what was typed, each once, and whether some of it was left out."""
    typed = normal_text(typed)
    found: dict[str, WantedWord] = {}
    for word in words(typed[:LONGEST]):
        its = forms(word.text)
        found.setdefault(its[0], WantedWord(word.text, its))
    kept = list(found.values())[:_MOST_WORDS]
    return kept, len(typed) > LONGEST or len(found) > len(kept)


def open_search_index(path: Path) -> SearchIndex | None:
    """The search index at ``path``, or ``None`` if there is none or it is of another format."""
    with suppress(ReleaseError):
        return SearchIndex(path) if path.is_file() else None
    return None


def highlighted(text: str, wanted: Sequence[Sequence[str]]) -> tuple[Segment, ...]:
    """The text in pieces; whole words match if they contain one of the wanted forms."""
    looked_for = [form for alternatives in wanted for form in alternatives]
    segments: list[Segment] = []
    end = 0
    for word in words(text):
        its = forms(word.text)
        if any(
            mine.startswith(form) or (len(form) >= _TRIGRAM and form in mine) for form in looked_for for mine in its
        ):
            if word.start > end:
                segments.append(Segment(text[end : word.start], False))
            segments.append(Segment(word.text, True))
            end = word.end
    if end < len(text):
        segments.append(Segment(text[end:], False))
    return tuple(segments)


def excerpt(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The piece of a long text around its first match, with an ellipsis where something is left out."""
    if sum(len(segment.text) for segment in segments) <= _LONGEST_EXCERPT:
        return tuple(segments)
    first = next((i for i, segment in enumerate(segments) if segment.match), 0)
    kept: list[Segment] = []
    if first > 0:
        before = segments[first - 1].text
        if first > 1 or len(before) > _BEFORE_MATCH:
            before = before[-_BEFORE_MATCH:]
            before = f"… {before.partition(' ')[2] or before}"
        kept.append(Segment(before, False))
    room = _LONGEST_EXCERPT - sum(len(segment.text) for segment in kept)
    for segment in segments[first:]:
        if len(segment.text) > room:
            cut = segment.text[: max(room, 0)]
            kept.append(Segment(f"{cut.rpartition(' ')[0] or cut} …", False))
            break
        kept.append(segment)
        room -= len(segment.text)
    return tuple(kept)
