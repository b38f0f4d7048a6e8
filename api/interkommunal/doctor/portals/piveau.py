"""data.europa.eu: piveau. One file or pages, read strictly with Jena; then its Metadata Quality Assessment."""

from __future__ import annotations

from typing import Final

from interkommunal.doctor.catalogue import Record
from interkommunal.doctor.portals.portal import Portal, takes_all
from interkommunal.texts import Text


def guid(record: Record, address: str) -> str | None:
    """The identifier, else the IRI (piveau-utils, ``Resource.identify``)."""
    return record.identifier or record.iri or None


PIVEAU: Final = Portal(
    key="piveau",
    name="data.europa.eu (piveau)",
    how=Text(
        "GET, one file if possible; writes only what changed, deletes what is missing, and assesses the metadata."
    ),
    guid=guid,
    passes_over=takes_all,
    always_updates=False,
    keeps="last",
)
