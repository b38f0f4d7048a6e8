"""Candidates at other authorities, by way of Wikidata: what an item that one of our things is says of itself.

In: the accepted exact matches with Wikidata, the mapping set of another authority, an endpoint. Out: new rows of that
set. Nothing that stands in the set is proposed again, nor another exact match for a thing that has one.
"""

from __future__ import annotations

from typing import Final

from interkommunal import __version__
from interkommunal.graph.mapping_set import (
    ACCEPTED,
    CANDIDATE,
    CLOSE,
    CREATOR,
    EXACT,
    MappingRow,
    MappingSet,
)
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.finding import TOOL
from interkommunal.linking.items import Tell, describe
from interkommunal.linking.scoring import reason

#: Authority: property of Wikidata with its identifiers, and how close they are (a relation is the boundary of a city).
CHAINS: Final = {
    "gnd": ("P227", EXACT),
    "geonames": ("P1566", EXACT),
    "openstreetmap": ("P402", CLOSE),
    "nuts": ("P605", CLOSE),
}
#: Two steps, of which the first was reviewed.
CONFIDENCE: Final = 0.9


def chain(
    items: MappingSet,
    known: MappingSet,
    endpoint: Endpoint,
    day: str,
    tell: Tell = lambda step, done, total: None,
) -> list[MappingRow]:
    """New candidates for the set ``known``.

    Args:
        items: the mapping set of Wikidata.
        known: that of one of :data:`CHAINS`.
        endpoint: speaks Wikidata's model.
        day: of today.
        tell: called with what is being done, how many steps are done, and how many there are.

    Raises:
        UnreachableError: the endpoint does not answer.
    """
    of = known.authority
    property_, predicate = CHAINS[of.slug]
    matched = {row.subject_id for row in known.of_state(ACCEPTED) if row.predicate_id == EXACT}
    taken = {row.object_id for row in known.of_state(ACCEPTED) if row.predicate_id == EXACT}
    asked = [
        row
        for row in items.of_state(ACCEPTED)
        if row.predicate_id == EXACT and (predicate != EXACT or row.subject_id not in matched)
    ]
    found = describe(endpoint, [row.object_id.partition(":")[2] for row in asked], tell)
    pairs = {row.pair for row in known.rows}
    rows = []
    for row in asked:
        item = row.object_id.partition(":")[2]
        for value in sorted(found[item].statements.get(property_, ())):
            object_id = f"{of.prefix}:{value}{of.tail}"
            is_theirs = of.identifier(of.iri(value)) is not None
            if is_theirs and (row.subject_id, object_id) not in pairs and object_id not in taken:
                rows.append(_row(row, object_id, predicate, property_, value, endpoint.iri, day))
    return rows


def _row(
    row: MappingRow, object_id: str, predicate: str, property_: str, value: str, endpoint: str, day: str
) -> MappingRow:
    return MappingRow(
        subject_id=row.subject_id,
        subject_label=row.subject_label,
        predicate_id=predicate,
        object_id=object_id,
        mapping_justification="semapv:MappingChaining",
        author_label=CREATOR,
        mapping_tool=TOOL,
        mapping_tool_version=__version__,
        mapping_date=day,
        confidence=CONFIDENCE,
        object_match_field=f"wdt:{property_}",
        match_string=value,
        comment=reason("chained", item=row.object_id, thing=row.subject_id, property=property_, value=value),
        evidence=(f"{endpoint} ({day})",),
        review_state=CANDIDATE,
    )
