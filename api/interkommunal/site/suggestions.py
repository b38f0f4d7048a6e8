"""What somebody may have meant: things whose name or address is much like what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from interkommunal.namespaces import ID
from interkommunal.normal import normal_text

_BEST: Final = 5
_LIKE_ENOUGH: Final = 62.0
# Points by which one may be less alike than the best and still be named.
_AS_GOOD: Final = 15.0


class NearMatch(NamedTuple):
    """A thing that was perhaps meant."""

    iri: str
    label: str


def near_matches(path: str, names: Sequence[tuple[str, str]]) -> list[NearMatch]:
    """The things nearest to a path that leads nowhere, the best first.

    Args:
        path: the part after ``/doc/``, for example ``city/muehlheim``.
        names: IRI and label of each thing.
    """
    wanted = _words(path)
    best: dict[str, tuple[float, NearMatch]] = {}
    for iri, label in names:
        score = _likeness(wanted, _words(iri.removeprefix(ID)), normal_text(label).casefold())
        if score >= _LIKE_ENOUGH and score > best.get(iri, (0.0, None))[0]:
            best[iri] = (score, NearMatch(iri, label))
    ranked = sorted(best.values(), key=lambda item: (-item[0], item[1].iri))
    return [found for score, found in ranked[:_BEST] if score >= ranked[0][0] - _AS_GOOD]


def _words(path: str) -> str:
    return normal_text(path).replace("-", " ").replace("/", " ").casefold()


def _likeness(wanted: str, slug: str, label: str) -> float:
    """How alike, 0 to 100: the whole path, or its last part to the name."""
    last = wanted.partition(" ")[2] or wanted
    pairs = ((wanted, slug), (last, label), (last, slug.partition(" ")[2]))
    return max(fuzz.ratio(one, other, score_cutoff=_LIKE_ENOUGH) for one, other in pairs)
