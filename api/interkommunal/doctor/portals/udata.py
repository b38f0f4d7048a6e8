"""udata: the software of data.gouv.fr. Known by ``dct:identifier`` alone; without it a dataset is passed over."""

from __future__ import annotations

from typing import Final

from interkommunal.doctor.catalogue import Catalogue, Node, Record
from interkommunal.doctor.portals.portal import Portal
from interkommunal.texts import Text


def guid(record: Record, address: str) -> str | None:
    """The identifier (harvest/backends/dcat.py, ``process_one_datasets_page``)."""
    return record.identifier or None


def passes_over(catalogue: Catalogue, dataset: Node, record: Record) -> Text | None:
    """Without title (core/dataset/rdf.py, ``dataset_from_rdf``)."""
    return None if record.title else Text("it has no title")


UDATA: Final = Portal(
    key="udata",
    name="udata",
    how=Text(
        "the format by the suffix of the address, else by HEAD; a dataset is known by dct:identifier; "
        "what is missing is archived."
    ),
    guid=guid,
    passes_over=passes_over,
    always_updates=True,
    keeps="last",
)
