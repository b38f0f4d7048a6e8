"""How the pages lead to each other, and whether all of them together are the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from interkommunal.doctor.catalogue import name_of
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest, Page
from interkommunal.doctor.terms import iri


def examine_paging(harvest: Harvest) -> Iterator[Finding]:
    """What is wrong with the pages."""
    last = harvest.pages[-1]
    if harvest.end == "cycle":
        yield finding("paging-cycle", last.address, page=last.address, target=last.following or "")
    elif harvest.end == "repeats-first":
        yield finding("paging-repeats-first", last.address, page=last.address)
    elif harvest.end == "most":
        yield finding("paging-most", harvest.address, pages=len(harvest.pages))
    for page in harvest.pages:
        yield from _view(page)
    yield from _totals(harvest)
    yield from _twice(harvest)
    yield from _vanishing(harvest)


def _view(page: Page) -> Iterator[Finding]:
    if len(page.nexts) > 1:
        yield finding("paging-several-next", page.address, count=len(page.nexts))
    if page.nexts and isinstance(page.nexts[0], Literal):
        yield finding("paging-next-text", page.address)
    nexts = (iri("hydra:next"), iri("hydra:nextPage"))
    if not page.nexts and any(triple.predicate.value in nexts for triple in page.document.triples):
        yield finding("paging-untyped", page.address)


def _totals(harvest: Harvest) -> Iterator[Finding]:
    paged = [page for page in harvest.pages if page.views]
    if not paged or harvest.end != "end":
        return
    if not all(page.totals for page in paged):
        yield finding("paging-total-missing", harvest.address)
    found = len(harvest.catalogue.datasets)
    for stated in sorted({total for page in paged for total in page.totals} - {found}):
        yield finding("paging-total-differs", harvest.address, stated=stated, found=found)


def _twice(harvest: Harvest) -> Iterator[Finding]:
    if harvest.end in ("cycle", "repeats-first"):
        return
    pages = Counter(
        dataset
        for page in harvest.pages
        for dataset in page.catalogue.datasets
        if isinstance(dataset, NamedNode) and page.catalogue.values(dataset, "dct:title")
    )
    for dataset, count in pages.items():
        if count > 1:
            yield finding("dataset-on-two-pages", name_of(harvest.catalogue, dataset))


def _vanishing(harvest: Harvest) -> Iterator[Finding]:
    second = harvest.second
    if second is None or second.document.syntax is None:
        return
    before = {node for node in harvest.first.catalogue.datasets if isinstance(node, NamedNode)}
    gone = before - set(second.catalogue.datasets)
    if gone:
        yield finding("datasets-vanish", harvest.address, count=len(gone))
