"""The portals, one a row: by what each knows a dataset, what it passes over, when it updates and deletes.

A verdict tells from what was seen what a portal would create, change, delete and pass over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from interkommunal.doctor.catalogue import Catalogue, Node, Record
from interkommunal.doctor.finding import Finding
from interkommunal.texts import Text

Kind = Literal["create", "update", "keep", "delete", "skip"]
KINDS: Final[tuple[Kind, ...]] = ("create", "update", "keep", "delete", "skip")


@dataclass(frozen=True, slots=True)
class Action:
    """What a portal does with a dataset. ``guid`` is by what it knows it; ``why`` says why it is passed over."""

    kind: Kind
    guid: str
    title: str
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a portal makes of a catalogue.

    Attributes:
        reads: whether it harvests it at all. actions: what it does then.
        findings: what it stumbles over. stops: those of them that end its harvest.
    """

    portal: Portal
    reads: bool
    actions: tuple[Action, ...]
    findings: tuple[Finding, ...]
    stops: tuple[Finding, ...] = ()

    def count(self, kind: Kind) -> int:
        """How many datasets it does that with."""
        return sum(action.kind == kind for action in self.actions)


@dataclass(frozen=True)
class Portal:
    """A portal. Of datasets with the same guid, all portals here write the last.

    Attributes:
        key: as rules name it. name: for people. how: how it reads, in a sentence.
        guid: by what it knows a dataset, given its record and the address of the catalogue; ``None`` if by nothing.
        passes_over: why it would not take a dataset, ``None`` if it takes it.
        always_updates: whether it writes a known dataset again although nothing changed.
    """

    key: str
    name: str
    how: Text
    guid: Callable[[Record, str], str | None]
    passes_over: Callable[[Catalogue, Node, Record], Text | None] = lambda *_: None
    always_updates: bool = False

    def judge(
        self, address: str, catalogue: Catalogue, before: Sequence[Record] | None, findings: Sequence[Finding]
    ) -> Verdict:
        """What it makes of ``catalogue``, having seen ``before`` at the last visit, or nothing yet."""
        own = _concerning(self, findings)
        if stops := tuple(item for item in own if self.key in item.rule.stops):
            return Verdict(self, False, (), own, stops)
        return Verdict(self, True, tuple(self._actions(address, catalogue, before or ())), own)

    def _actions(self, address: str, catalogue: Catalogue, before: Sequence[Record]) -> list[Action]:
        known = {self.guid(record, address): record for record in before}
        guids = [self.guid(record, address) for record in catalogue.records]
        last = dict(zip(guids, catalogue.records, strict=True))
        actions = []
        for guid, dataset, record in zip(guids, catalogue.datasets, catalogue.records, strict=True):
            kind: Kind = "keep"
            if guid is None:
                why: Text | None = Text("there is nothing to know it by")
            else:
                why = self.passes_over(catalogue, dataset, record)
                if why is None and last[guid] is not record:
                    why = Text("another dataset has the same identifier")
            if why is not None:
                kind = "skip"
            elif guid not in known:
                kind = "create"
            elif self.always_updates or (known[guid].content, known[guid].modified) != (
                record.content,
                record.modified,
            ):
                kind = "update"
            actions.append(Action(kind, guid or "", record.title, why))
        taken = {None, *(action.guid for action in actions if action.kind != "skip")}
        return actions + [Action("delete", guid or "", item.title) for guid, item in known.items() if guid not in taken]


def judge_pages(listed: Mapping[str, str], findings: Sequence[Finding]) -> Verdict:
    """What Google lists: the name of the description by the address of each page with a complete one."""
    actions = tuple(Action("create", page, name) for page, name in listed.items())
    return Verdict(GOOGLE, bool(actions), actions, _concerning(GOOGLE, findings))


def _concerning(portal: Portal, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(item for item in findings if portal.key in item.rule.portals)


def _ckan_guid(record: Record, address: str) -> str | None:
    """Its IRI, else the identifier, else a name made from address and title (harvesters/rdf.py, ``_get_guid``)."""
    return record.iri or record.identifier or (f"{address.rstrip('/')}/{record.title}" if record.title else None)


def _govdata_passes_over(catalogue: Catalogue, dataset: Node, record: Record) -> Text | None:
    """Without distribution, or of the same identifier and not newer (harvest_utils.py, ``handle_duplicates``)."""
    if not catalogue.distributions(dataset):
        return Text("it has no distribution")
    for other in catalogue.records[: catalogue.datasets.index(dataset)] if record.identifier else ():
        if other.identifier == record.identifier and other.iri != record.iri and record.modified <= other.modified:
            return Text("a dataset with the same dct:identifier is not older")
    return None


def _udata_passes_over(catalogue: Catalogue, dataset: Node, record: Record) -> Text | None:
    """Without title (core/dataset/rdf.py, ``dataset_from_rdf``)."""
    return None if record.title else Text("it has no title")


# CKAN with ckanext-dcat 2.4, GovData with ckanext-dcatde; data.europa.eu reads strictly with Jena; udata is the
# software of data.gouv.fr.
CKAN: Final = Portal(
    key="ckan",
    name="CKAN (ckanext-dcat)",
    how=Text(
        "HEAD, then GET without a wish for a format; every node of the class dcat:Dataset becomes a "
        "dataset and is written again at each harvest; what is missing is deleted."
    ),
    guid=_ckan_guid,
    always_updates=True,
)
PORTALS: Final = (
    CKAN,
    Portal(
        key="govdata",
        name="GovData (ckanext-dcatde)",
        how=Text(
            "as CKAN; duplicates are told by dct:identifier and dct:modified, a distribution without licence "
            "counts as closed. Municipalities in North Rhine-Westphalia deliver by way of Open.NRW."
        ),
        guid=_ckan_guid,
        passes_over=_govdata_passes_over,
        always_updates=True,
    ),
    Portal(
        key="piveau",
        name="data.europa.eu (piveau)",
        how=Text(
            "GET, one file if possible; writes only what changed, deletes what is missing, and assesses the metadata."
        ),
        # piveau-utils, ``Resource.identify``
        guid=lambda record, _: record.identifier or record.iri or None,
    ),
    Portal(
        key="udata",
        name="udata",
        how=Text(
            "the format by the suffix of the address, else by HEAD; a dataset is known by dct:identifier; "
            "what is missing is archived."
        ),
        # harvest/backends/dcat.py, ``process_one_datasets_page``
        guid=lambda record, _: record.identifier or None,
        passes_over=_udata_passes_over,
        always_updates=True,
    ),
)
# Knows pages, not datasets of a catalogue.
GOOGLE: Final = Portal(
    key="google",
    name="Google Dataset Search",
    how=Text("no catalogue but the pages of datasets (dcat:landingPage) with their schema.org description."),
    guid=lambda *_: None,
)
