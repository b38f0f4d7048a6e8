"""How sure it is that an item is one of our things, and why, in words.

A key that agrees decides: municipality key, district key, regional key, GND number. Without one, a name alone proves
nothing (there are dozens of places called Oberhausen): kind and place have to agree too. What contradicts ends it:
another key, a point more than 20 km away, a place outside North Rhine-Westphalia, an end before it began.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from interkommunal.linking.items import Item
from interkommunal.linking.things import GND, Thing, kind
from interkommunal.texts import gettext_noop

#: Kilometres that two points of the same thing may lie apart.
FAR: Final = 20.0
#: Least score of a candidate that people are asked about.
LEAST: Final = 0.5
KEY_NAMES: Final = {
    "P439": gettext_noop("municipality key"),
    "P440": gettext_noop("district key"),
    "P1388": gettext_noop("regional key"),
    GND: gettext_noop("GND number"),
}
#: What speaks for an item or against it. Of two that fit the same words the first is meant.
REASONS: Final = {
    "name": gettext_noop("name “{name}” agrees"),
    "alias": gettext_noop("alias “{name}” agrees"),
    "year": gettext_noop("year {year} agrees"),
    "kind": gettext_noop("kind agrees"),
    "key": gettext_noop("{key} {value} agrees"),
    "distance": gettext_noop("{kilometres} km apart"),
    "inside": gettext_noop("lies in North Rhine-Westphalia"),
    "other key": gettext_noop("its {key} is {others}, not {value}"),
    "outside": gettext_noop("it lies outside North Rhine-Westphalia"),
    "ended": gettext_noop("it ended in {year}"),
    "chained": gettext_noop("{item}, which is {thing}, has {property} {value}"),
}
_STATE: Final = "Q1198"
_KEY, _SECOND_KEY = 0.97, 0.01
_NAME, _ALIAS, _KIND, _PLACE, _YEAR = 0.4, 0.3, 0.2, 0.25, 0.1


def reason(of: str, /, **values: str) -> str:
    """A reason of :data:`REASONS` in English, as mapping sets carry it."""
    return REASONS[of].format(**values)


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 0 to 1 with its reasons.

    Attributes:
        value: the score. reasons: what speaks for it, in words. against: what contradicts; then the value is 0.
        key: property of Wikidata that agrees with a key of ours, or empty. matched: the key or name that agrees.
    """

    value: float
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()
    key: str = ""
    matched: str = ""

    @property
    def explanation(self) -> str:
        """The reasons in one line."""
        return "; ".join((*self.reasons, *(f"but {reason}" for reason in self.against)))


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two points (longitude, latitude) on a sphere of 6371 km radius (haversine formula)."""
    (long1, lat1), (long2, lat2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((long2 - long1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def nearest(thing: Thing, item: Item) -> float | None:
    """Kilometres between the nearest points of both; ``None`` if one has no point."""
    found = [kilometres(one, other) for one in thing.points for other in item.points]
    return min(found) if found else None


def score(thing: Thing, item: Item) -> Score:
    """How well ``item`` fits ``thing``."""
    reasons: list[str] = []
    agreeing = [(name, value) for name, value in thing.keys if value in item.statements.get(name, ())]
    reasons += [reason("key", key=KEY_NAMES[name], value=value) for name, value in agreeing]
    names = sorted(set(thing.names) & set(item.labels.values())) or sorted(set(thing.names) & item.aliases)
    is_label = bool(names) and names[0] in item.labels.values()
    if names:
        reasons.append(reason("name" if is_label else "alias", name=names[0]))
    fits = bool(item.classes & set(kind(thing.kind).items))
    if fits:
        reasons.append(reason("kind"))
    distance = nearest(thing, item)
    is_near = distance is not None and distance <= FAR
    if is_near:
        reasons.append(reason("distance", kilometres=f"{distance:.1f}"))
    elif distance is None and _STATE in item.within:
        reasons.append(reason("inside"))
    year = thing.year if thing.year and thing.year in _years(item) else ""
    if year:
        reasons.append(reason("year", year=year))
    against = _against(thing, item, distance)
    key, matched = agreeing[0] if agreeing else ("", names[0] if names else "")
    if against:
        return Score(0.0, tuple(reasons), against, key, matched)
    if agreeing:
        value = min(1.0, _KEY + _SECOND_KEY * (len(agreeing) - 1))
    else:
        near = _PLACE if is_near or _STATE in item.within else 0.0
        value = (_NAME if is_label else _ALIAS if names else 0.0) + _KIND * fits + near + _YEAR * bool(year)
    return Score(round(value, 3), tuple(reasons), (), key, matched)


def _against(thing: Thing, item: Item, distance: float | None) -> tuple[str, ...]:
    found = []
    for name, value in thing.keys:
        others = item.statements.get(name, set())
        if others and value not in others:
            found.append(reason("other key", key=KEY_NAMES[name], others=", ".join(sorted(others)), value=value))
    if distance is not None and distance > FAR:
        found.append(reason("distance", kilometres=f"{distance:.0f}"))
    if item.statements.get("P131") and _STATE not in item.within and item.name != _STATE and thing.kind != "places":
        found.append(reason("outside"))
    ended = sorted(text[:4] for text in item.statements.get("P576", ()))
    if ended and thing.year and ended[-1] < thing.year:
        found.append(reason("ended", year=ended[-1]))
    return tuple(found)


def _years(item: Item) -> set[str]:
    return {text.lstrip("+")[:4] for name in ("P571", "P585", "P577", "P580") for text in item.statements.get(name, ())}
