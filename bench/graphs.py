"""Large synthetic graphs in the shape of ours, the same bytes for the same size everywhere.

In goes a number of triples, out comes a canonical N-Quads file (sorted lines, every statement in a named graph) with a
description beside it. Cities conclude agreements; each agreement and each participation is read from a passage of its
own, which is a named graph; the register of passages, labels and derived statements stand in graphs of their own, in
about the proportions of the shipped graph. No two statements share subject, predicate and object, so the union of all
graphs holds exactly as many triples as the file has lines.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

from rich.progress import Progress

from bench.places import GRAPHS
from interkommunal.namespaces import (
    BASE,
    CONCEPT,
    GRAPH_DERIVED,
    GRAPH_EDITORIAL,
    GRAPH_PASSAGES,
    GRAPH_REFERENCE,
    ID,
    IK,
    PASSAGE,
    PREFIXES,
    SOURCE,
)

# Raised when the same number of triples would give other bytes than before.
_EDITION: Final = 1
_SEED: Final = 2010
_SORTED_AT_ONCE: Final = 1_000_000
_AGREEMENTS_A_SOURCE: Final = 40
_ROLES: Final = ("first-signatory", "party", "acceding-party")
_TYPES: Final = ("contract", "cooperation-contract", "joint-declaration")
_SYLLABLES: Final = ("Alt", "Berg", "Bor", "Dorn", "Eich", "Feld", "Hag", "Kirch", "Lind", "Nord", "Rhein", "Stein")
_ENDINGS: Final = ("burg", "dorf", "hagen", "hausen", "heim", "kirchen", "rath", "stadt", "trop", "um")
_WORDS: Final = (
    *("die", "Städte", "wollen", "gemeinsam", "interkulturelle", "Öffnung", "Personal", "gewinnen", "und", "Wissen"),
    *("teilen", "in", "der", "Region", "Verwaltung", "Vielfalt", "fördern", "Ausbildung", "Anerkennung", "stärken"),
)


@dataclass(frozen=True)
class Graph:
    """A generated graph.

    Attributes:
        path: its N-Quads.
        subjects: file with one IRI a line, in an order without pattern: things that have statements.
        triples: statements, which is also the number of triples of the union.
        cities, agreements: how many there are.
        sha256: of the N-Quads, lower-case hex.
    """

    path: Path
    subjects: Path
    triples: int
    cities: int
    agreements: int
    sha256: str

    def city(self, number: int) -> str:
        """IRI of a city, counted from 0 and around."""
        return city(number % self.cities)

    def agreement(self, number: int) -> str:
        """IRI of an agreement, counted from 0 and around."""
        return agreement(number % self.agreements)


def make_graph(triples: int, progress: Progress | None = None) -> Graph:
    """The graph with ``triples`` statements, from the cache if it was made before.

    Args:
        triples: at least 1,000.
        progress: where to show a bar.
    """
    if triples < 1000:
        raise ValueError(f"{triples} triples are too few for cities and agreements; take at least 1000")
    GRAPHS.mkdir(parents=True, exist_ok=True)
    name = f"{_EDITION}-{triples}"
    description = GRAPHS / f"{name}.json"
    path, subjects = GRAPHS / f"{name}.nq", GRAPHS / f"{name}.subjects"
    if description.exists():
        fields = json.loads(description.read_text())
    else:
        fields = _write(triples, path, subjects, progress)
        description.write_text(json.dumps(fields))
    return Graph(path=path, subjects=subjects, **fields)


def city(number: int) -> str:
    """IRI of a city."""
    return f"{ID}city/stadt-{number:05}"


def agreement(number: int) -> str:
    """IRI of an agreement."""
    return f"{ID}agreement/vertrag-{number:06}"


def parties(number: int) -> int:
    """How many cities have part in an agreement: 2 to 9."""
    return 2 + number * 7919 % 8


@dataclass
class _Tally:
    """What the complete units so far amount to."""

    cities: int = 0
    agreements: int = 0


def lines(triples: int, tally: _Tally) -> Iterator[str]:
    """Exactly ``triples`` statements, one line of N-Quads each, unsorted; keeps ``tally``."""
    return islice(_endless(triples, tally), triples)


def _endless(triples: int, tally: _Tally) -> Iterator[str]:
    chance = random.Random(_SEED)
    cities = max(20, triples // 500)
    for number in range(cities):
        yield from _city(number, chance)
        tally.cities += 1
    number = 0
    while True:
        yield from _agreement(number, cities, chance)
        number += 1
        tally.agreements = number


def _quad(subject: str, predicate: str, value: str, graph: str) -> str:
    return f"<{subject}> <{predicate}> {value} <{graph}> .\n"


def _iri(iri: str) -> str:
    return f"<{iri}>"


def _text(text: str, language: str = "") -> str:
    return f'"{text}"@{language}' if language else f'"{text}"'


def _typed(text: str, datatype: str) -> str:
    return f'"{text}"^^<{PREFIXES["xsd"]}{datatype}>'


_TYPE: Final = f"{PREFIXES['rdf']}type"
_LABEL: Final = f"{PREFIXES['rdfs']}label"
_SCHEMA: Final = PREFIXES["schema"]
_TERMS: Final = PREFIXES["dcterms"]
_CV: Final = PREFIXES["cv"]
_OA: Final = PREFIXES["oa"]
_REFERENCE: Final = f"{GRAPH_REFERENCE}synthetic"


def _city(number: int, chance: random.Random) -> Iterator[str]:
    this = city(number)
    name = chance.choice(_SYLLABLES) + chance.choice(_ENDINGS) + f" {number}"
    point = f"{this}#point"
    lat, long = f"{chance.uniform(47.3, 54.9):.5f}", f"{chance.uniform(5.9, 15.0):.5f}"
    yield _quad(this, _TYPE, _iri(f"{IK}City"), GRAPH_EDITORIAL)
    yield _quad(this, f"{_SCHEMA}name", _text(name, "de"), GRAPH_EDITORIAL)
    yield _quad(this, _LABEL, _text(name, "de"), GRAPH_EDITORIAL)
    yield _quad(this, _LABEL, _text(name, "en"), GRAPH_EDITORIAL)
    yield _quad(this, f"{IK}municipalityKey", _text(f"{number:08}"), _REFERENCE)
    yield _quad(this, f"{PREFIXES['skos']}exactMatch", _iri(f"{PREFIXES['wd']}Q9{number:07}"), _REFERENCE)
    yield _quad(this, f"{PREFIXES['geo']}hasGeometry", _iri(point), _REFERENCE)
    yield _quad(point, _TYPE, _iri(f"{PREFIXES['geo']}Geometry"), _REFERENCE)
    yield _quad(point, f"{PREFIXES['wgs84']}lat", _typed(lat, "decimal"), _REFERENCE)
    yield _quad(point, f"{PREFIXES['wgs84']}long", _typed(long, "decimal"), _REFERENCE)


def _agreement(number: int, cities: int, chance: random.Random) -> Iterator[str]:
    this = agreement(number)
    event, goal = f"{ID}event/unterzeichnung-{number:06}", f"{ID}goal/ziel-{number:06}"
    source = f"quelle-{number // _AGREEMENTS_A_SOURCE:05}"
    line = 1 + number % _AGREEMENTS_A_SOURCE * 10
    head = f"{PASSAGE}{source}/L{line:03}"
    year = chance.randint(1970, 2025)
    date = f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    venue = city(chance.randrange(cities))
    title = f"Vertrag {number} über {' '.join(chance.choices(_WORDS, k=4))}"
    yield from _passage(head, source, line, title, chance)
    yield _quad(this, _TYPE, _iri(f"{IK}Agreement"), head)
    yield _quad(this, f"{_SCHEMA}name", _text(title, "de"), head)
    yield _quad(this, f"{IK}designation", _text("Kontrakt", "de"), head)
    yield _quad(this, f"{_TERMS}type", _iri(f"{CONCEPT}agreement-{_TYPES[number % 3]}"), head)
    yield _quad(this, f"{_TERMS}date", _typed(date, "date"), head)
    yield _quad(this, f"{_SCHEMA}locationCreated", _iri(venue), head)
    yield _quad(this, f"{IK}occasion", _iri(event), head)
    yield _quad(this, f"{IK}hasGoal", _iri(goal), head)
    if number:
        yield _quad(this, f"{IK}basedOn", _iri(agreement(chance.randrange(number))), head)
    yield _quad(event, _TYPE, _iri(f"{_SCHEMA}Event"), head)
    yield _quad(event, f"{_SCHEMA}name", _text(f"Unterzeichnung {number}", "de"), head)
    yield _quad(event, f"{_SCHEMA}startDate", _typed(date, "date"), head)
    yield _quad(event, f"{_SCHEMA}location", _iri(venue), head)
    yield _quad(goal, _TYPE, _iri(f"{IK}Goal"), head)
    yield _quad(goal, f"{_SCHEMA}text", _text(" ".join(chance.choices(_WORDS, k=12)), "de"), head)
    yield _quad(goal, f"{IK}declaredBy", _iri(venue), head)
    for thing, kind in ((this, "Vertrag"), (event, "Unterzeichnung"), (goal, "Ziel")):
        yield _quad(thing, _LABEL, _text(f"{kind} {number}", "de"), GRAPH_EDITORIAL)
        yield _quad(thing, _LABEL, _text(f"{kind} no. {number}", "en"), GRAPH_EDITORIAL)
        yield _quad(thing, f"{IK}mentionedIn", _iri(head), f"{GRAPH_DERIVED}mentioned-in")
    yield _quad(this, f"{IK}year", _typed(str(year), "integer"), f"{GRAPH_DERIVED}year")
    for position, partner in enumerate(chance.sample(range(cities), parties(number)), start=1):
        passage = f"{PASSAGE}{source}/L{line + position:03}"
        yield from _passage(passage, source, line + position, f"{position}. Stadt {partner}", chance)
        yield from _participation(number, position, city(partner), passage, chance)


def _participation(number: int, position: int, partner: str, passage: str, chance: random.Random) -> Iterator[str]:
    this, of = f"{ID}participation/vertrag-{number:06}-{position}", agreement(number)
    yield _quad(of, f"{_CV}hasParticipation", _iri(this), passage)
    yield _quad(this, _TYPE, _iri(f"{IK}Participation"), passage)
    yield _quad(this, f"{_CV}hasParticipant", _iri(partner), passage)
    yield _quad(this, f"{_CV}role", _iri(f"{CONCEPT}role-{chance.choice(_ROLES)}"), passage)
    yield _quad(this, f"{_SCHEMA}position", _typed(str(position), "integer"), passage)
    yield _quad(of, f"{IK}party", _iri(partner), f"{GRAPH_DERIVED}party")
    yield _quad(this, f"{IK}mentionedIn", _iri(passage), f"{GRAPH_DERIVED}mentioned-in")


def _passage(this: str, source: str, line: int, quote: str, chance: random.Random) -> Iterator[str]:
    selector = f"{this}-selector"
    start = line * 120
    yield _quad(this, _TYPE, _iri(f"{IK}Passage"), GRAPH_PASSAGES)
    yield _quad(this, f"{IK}voice", _iri(f"{CONCEPT}voice-page-text"), GRAPH_PASSAGES)
    yield _quad(this, f"{IK}status", _iri(f"{CONCEPT}status-asserted"), GRAPH_PASSAGES)
    yield _quad(this, f"{_TERMS}isPartOf", _iri(f"{ID}section/{source}-1"), GRAPH_PASSAGES)
    yield _quad(this, f"{IK}line", _typed(str(line), "integer"), GRAPH_PASSAGES)
    yield _quad(this, _LABEL, _text(f"{source}, Zeile {line}", "de"), GRAPH_PASSAGES)
    yield _quad(this, _LABEL, _text(f"{source}, line {line}", "en"), GRAPH_PASSAGES)
    yield _quad(this, f"{_OA}hasSource", _iri(f"{SOURCE}{source}"), GRAPH_PASSAGES)
    yield _quad(this, f"{_OA}hasSelector", _iri(selector), GRAPH_PASSAGES)
    yield _quad(selector, _TYPE, _iri(f"{_OA}TextPositionSelector"), GRAPH_PASSAGES)
    yield _quad(selector, _TYPE, _iri(f"{_OA}TextQuoteSelector"), GRAPH_PASSAGES)
    yield _quad(selector, f"{_OA}start", _typed(str(start), "nonNegativeInteger"), GRAPH_PASSAGES)
    yield _quad(selector, f"{_OA}end", _typed(str(start + len(quote)), "nonNegativeInteger"), GRAPH_PASSAGES)
    yield _quad(selector, f"{_OA}exact", _text(quote), GRAPH_PASSAGES)
    yield _quad(selector, f"{_OA}prefix", _text(" ".join(chance.choices(_WORDS, k=4))), GRAPH_PASSAGES)
    yield _quad(selector, f"{_OA}suffix", _text(" ".join(chance.choices(_WORDS, k=4))), GRAPH_PASSAGES)


def _write(triples: int, path: Path, subjects: Path, progress: Progress | None) -> dict[str, int | str]:
    """Writes the sorted lines and the subjects; flat in memory beyond :data:`_SORTED_AT_ONCE` lines."""
    tally = _Tally()
    told = progress.add_task(f"generating {triples:,} triples", total=2 * triples) if progress else None

    def tell(done: int) -> None:
        if progress is not None and told is not None:
            progress.advance(told, done)

    unsorted = lines(triples, tally)
    digest = hashlib.sha256()
    seen: list[str] = []
    unfinished = path.with_suffix(".unfinished")
    with ExitStack() as stack:
        runs: list[IO[str]] = []
        while run := sorted(islice(unsorted, _SORTED_AT_ONCE)):
            file = stack.enter_context(tempfile.TemporaryFile("w+", dir=GRAPHS, encoding="utf-8"))
            file.writelines(run)
            file.seek(0)
            runs.append(file)
            tell(len(run))
        out = stack.enter_context(unfinished.open("wb"))
        merged: Iterator[str] = heapq.merge(*runs)
        while block := list(islice(merged, 10_000)):
            data = "".join(block).encode()
            digest.update(data)
            out.write(data)
            for line in block:
                subject = line[1 : line.index(">")]
                if subject.startswith(BASE) and (not seen or seen[-1] != subject):
                    seen.append(subject)
            tell(len(block))
    random.Random(_SEED).shuffle(seen)
    subjects.write_text("\n".join(seen) + "\n", encoding="utf-8")
    unfinished.replace(path)
    if progress is not None and told is not None:
        progress.remove_task(told)
    return {"triples": triples, **asdict(tally), "sha256": digest.hexdigest()}
