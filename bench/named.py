"""Many things with names, for the reconciliation of names: the same ones for the same number everywhere.

A quarter are cities of one word, the others agreements of several; no name is anybody's. They lie in a release with its
index of names, so that ``interkommunal serve`` takes it for one of its own.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyoxigraph

from bench.places import RELEASES
from interkommunal import __version__
from interkommunal.namespaces import GRAPH_EDITORIAL, ID, IK, PREFIXES
from interkommunal.release import manifest
from interkommunal.release.quads import graph_kind
from interkommunal.release.release import CURRENT, QUADS, Release
from interkommunal.release.search import FORMAT, NAME, search_index

_SEED: Final = 2016
_SYLLABLES: Final = (
    *("al", "ba", "ber", "bo", "dorn", "du", "eich", "el", "ge", "hag", "hei", "ka", "kir", "lan", "lin", "mar", "mu"),
    *("nor", "ol", "ra", "ri", "rhein", "sen", "tal", "ulm", "wal", "wei", "win", "zen"),
)
_ENDINGS: Final = ("berg", "burg", "dorf", "feld", "furt", "hausen", "heim", "kirchen", "stedt", "thal", "werth")
_KINDS: Final = ("Kontrakt", "Initiative", "Netzwerk", "Arbeitskreis", "Projekt", "Zweckverband", "Handbuch")
_TOPICS: Final = (
    *("Integration", "Vielfalt", "Verwaltung", "Personal", "Bildung", "Umwelt", "Verkehr", "Wasser", "Energie"),
    *("Kultur", "Wirtschaft", "Jugend", "Sport", "Wohnen", "Gesundheit"),
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Named:
    """A release of things with names.

    Attributes:
        releases: its folder of releases.
        labels: by identifier.
    """

    releases: Path
    labels: dict[str, str]


def make_named(number: int) -> Named:
    """A release of ``number`` things, kept for the next run."""
    labels = dict(_labels(number))
    lines = sorted(line for name, label in labels.items() for line in _lines(name, label))
    body = "".join(lines).encode()
    digest = sha256(body).hexdigest()
    releases = RELEASES / f"named-{number}"
    folder = releases / f"{__version__}-{digest[:12]}"
    mark = folder / f"index-{FORMAT}"
    if not mark.exists():
        folder.mkdir(parents=True, exist_ok=True)
        index = search_index(pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_QUADS))
        (folder / QUADS).write_bytes(body)
        (folder / NAME).write_bytes(index)
        files = {
            QUADS: manifest.File("application/n-quads", len(body), digest, "graph"),
            NAME: manifest.File("application/vnd.sqlite3", len(index), sha256(index).hexdigest(), "search"),
        }
        classes = Counter(f"{IK}{_kind(name)}" for name in labels)
        counts = manifest.Counts(
            len(lines), len(lines), {graph_kind(pyoxigraph.NamedNode(GRAPH_EDITORIAL)): 1}, classes
        )
        made = manifest.Manifest(__version__, digest, counts, files)
        (folder / manifest.NAME).write_bytes(made.to_json())
        mark.touch()
    current = releases / CURRENT
    current.unlink(missing_ok=True)
    current.symlink_to(folder.name)
    Release.open(releases)
    return Named(releases, labels)


def misspelt(labels: dict[str, str], number: int, seed: int) -> list[tuple[str, str]]:
    """Names with one wrong letter, each with the identifier that is meant; another seed gives others."""
    chance = random.Random(seed)
    found = []
    for name in chance.choices(sorted(labels), k=number):
        label = labels[name]
        place = chance.randrange(1, len(label) - 1)
        found.append((f"{label[:place]}{chance.choice(_LETTERS)}{label[place + 1 :]}", name))
    return found


def _labels(number: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(_SEED)
    for item in range(number):
        if item % 4 == 0:
            yield f"city/stadt-{item:06}", _word(chance)
        elif item % 4 == 1:
            yield (
                f"agreement/vertrag-{item:06}",
                f"{chance.choice(_KINDS)} „{chance.choice(_TOPICS)} {_word(chance)}“ ({chance.randint(1990, 2030)})",
            )
        else:
            words = (chance.choice(_KINDS), chance.choice(_TOPICS), _word(chance), "und", _word(chance))
            yield f"agreement/vertrag-{item:06}", " ".join(words)


def _word(chance: random.Random) -> str:
    return ("".join(chance.choices(_SYLLABLES, k=chance.randint(1, 3))) + chance.choice(_ENDINGS)).capitalize()


def _kind(name: str) -> str:
    return "City" if name.startswith("city/") else "Agreement"


def _lines(name: str, label: str) -> Iterator[str]:
    values = (
        (f"{PREFIXES['rdf']}type", f"<{IK}{_kind(name)}>"),
        (f"{PREFIXES['rdfs']}label", f'"{label}"@de'),
        (f"{PREFIXES['rdfs']}label", f'"{label}"@en'),
    )
    for predicate, value in values:
        yield f"<{ID}{name}> <{predicate}> {value} <{GRAPH_EDITORIAL}> .\n"
