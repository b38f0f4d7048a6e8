"""GovData: CKAN with ckanext-dcatde. As CKAN, but duplicates are told by ``dct:identifier`` and ``dct:modified``."""

from __future__ import annotations

from typing import Final

from interkommunal.doctor.catalogue import Catalogue, Node, Record
from interkommunal.doctor.portals.ckan import guid
from interkommunal.doctor.portals.portal import Portal
from interkommunal.texts import Text


def passes_over(catalogue: Catalogue, dataset: Node, record: Record) -> Text | None:
    """Without distribution, or of the same identifier and not newer (harvest_utils.py, ``handle_duplicates``)."""
    if not catalogue.distributions(dataset):
        return Text("it has no distribution")
    if record.identifier:
        for other in catalogue.records:
            if other is record:
                break
            if other.identifier == record.identifier and other.iri != record.iri and record.modified <= other.modified:
                return Text("a dataset with the same dct:identifier is not older")
    return None


GOVDATA: Final = Portal(
    key="govdata",
    name="GovData (ckanext-dcatde)",
    how=Text(
        "as CKAN; duplicates are told by dct:identifier and dct:modified, a distribution without licence "
        "counts as closed. Municipalities in North Rhine-Westphalia deliver by way of Open.NRW."
    ),
    guid=guid,
    passes_over=passes_over,
    always_updates=True,
    keeps="last",
)
