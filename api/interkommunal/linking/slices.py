"""Keeps a slice of Wikidata about the items that our things are linked to, so that questions need no network.

In: the accepted rows about Wikidata, an endpoint. Out: rows of reference data (label, class, coordinates, population),
each with the endpoint and the day as its source. The file is replaced in one step.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Final

from interkommunal.content import Content
from interkommunal.graph.mapping_set import ACCEPTED, MappingSet
from interkommunal.graph.reference import COLUMNS
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.items import Item, Tell, describe
from interkommunal.linking.journal import write_in_one_step

NAME: Final = "wikidata-slice.csv"
Row = tuple[str, str, str, str, str]


def slice_rows(
    known: MappingSet, endpoint: Endpoint, day: str, tell: Tell = lambda step, done, total: None
) -> list[Row]:
    """Rows of reference data about all linked items, in the order of the items.

    Raises:
        UnreachableError: the endpoint does not answer.
    """
    names = {row.object_id.partition(":")[2] for row in known.of_state(ACCEPTED)}
    source = f"{endpoint.iri} (retrieved {day})"
    items = describe(endpoint, names, tell)
    return [
        (f"wd:{item.name}", property_, value, source, "verified")
        for item in items.values()
        for property_, value in _statements(item)
    ]


def save_slice(content: Content, rows: Sequence[Row]) -> Path:
    """Writes the slice; returns its path.

    Raises:
        SourceError: it cannot be written.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    path = content.data / "reference" / NAME
    write_in_one_step(path, out.getvalue())
    return path


def _statements(item: Item) -> list[tuple[str, str]]:
    found = [(f"label_{language}", item.labels[language]) for language in ("de", "en") if item.labels.get(language)]
    found += [("instance_of", value) for value in sorted(item.statements["P31"])]
    found += [("coordinates", f"Point({longitude} {latitude})") for longitude, latitude in item.points]
    found += [("population", str(int(float(value)))) for value in sorted(item.statements["P1082"])]
    return found
