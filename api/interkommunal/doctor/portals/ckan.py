"""CKAN with ckanext-dcat 2.4: HEAD, GET, every node of the class ``dcat:Dataset``, known by its IRI."""

from __future__ import annotations

from typing import Final

from interkommunal.doctor.catalogue import Record
from interkommunal.doctor.portals.portal import Portal, takes_all
from interkommunal.texts import Text


def guid(record: Record, address: str) -> str | None:
    """Its IRI, else the identifier, else a name made from address and title (harvesters/rdf.py, ``_get_guid``)."""
    named = f"{address.rstrip('/')}/{record.title}" if record.title else None
    return record.iri or record.identifier or named


CKAN: Final = Portal(
    key="ckan",
    name="CKAN (ckanext-dcat)",
    how=Text(
        "HEAD, then GET without a wish for a format; every node of the class dcat:Dataset becomes a "
        "dataset and is written again at each harvest; what is missing is deleted."
    ),
    guid=guid,
    passes_over=takes_all,
    always_updates=True,
    keeps="last",
)
