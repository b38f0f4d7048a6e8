"""The formats in which things are described, with their suffixes; the page for people comes first."""

from __future__ import annotations

from typing import Final

from interkommunal.sparql.query import CSV, JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE, Form
from interkommunal.web.formats import HTML, OFFERS, Format, rather_triples

_GRAPHS: Final = {item.media_type: item for item in OFFERS[Form.CONSTRUCT]}
_TABLES: Final = {item.media_type: item for item in OFFERS[Form.SELECT]}

# Our favourite first: clients without a preference get the page, whose header leads to all others.
DATA: Final[tuple[Format, ...]] = (
    *rather_triples([_GRAPHS[name] for name in (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, TRIG)]),
    _TABLES[CSV],
)
DESCRIPTIONS: Final[tuple[Format, ...]] = (HTML, *DATA)
BY_SUFFIX: Final = {item.suffix: item for item in DESCRIPTIONS}


def split_suffix(path: str, extras: tuple[str, ...] = ()) -> tuple[str, str]:
    """A path without its format suffix, and the suffix (empty if it has none that is known).

    Passages have dots in their names (``L019.1``), so only known suffixes count.
    """
    for suffix in (*extras, *BY_SUFFIX):
        if path.endswith(f".{suffix}") and len(path) > len(suffix) + 1 and path[-len(suffix) - 2] != "/":
            return path[: -len(suffix) - 1], suffix
    return path, ""
