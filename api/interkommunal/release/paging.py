"""A catalogue in pages of one dataset each, for harvesters that take a catalogue piece by piece.

In go the triples of the whole catalogue, out come those of a page: the dataset with everything that belongs to it, the
catalogue and its services, and where the next page is (Hydra Core Vocabulary, section 5.2.1). All pages together say
what the whole says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import pyoxigraph

from interkommunal.graph.terms import named
from interkommunal.release.datasets import DATASETS
from interkommunal.release.descriptions import Value, described, node, number
from interkommunal.release.quads import in_reading_order

PARAMETER: Final = "page"
_RELATION: Final = named("dcterms:relation")


def pages(triples: Sequence[pyoxigraph.Triple]) -> int:
    """How many pages the catalogue with these triples has."""
    return max(1, len(_datasets(triples)))


def page_of(triples: Sequence[pyoxigraph.Triple], catalogue: str, page: int, url: str) -> list[pyoxigraph.Triple]:
    """The triples of a page, in reading order.

    Args:
        triples: of the whole catalogue.
        catalogue: IRI of the catalogue.
        page: its number, from 1 to :func:`pages`.
        url: address of the catalogue in this format, to which ``?page=`` is added.
    """
    datasets = _datasets(triples)
    others = {iri for place, iri in enumerate(datasets, 1) if place != page}
    about: dict[str, list[pyoxigraph.Triple]] = defaultdict(list)
    for triple in triples:
        assert isinstance(triple.subject, pyoxigraph.NamedNode), "a catalogue has no blank nodes"
        about[triple.subject.value].append(triple)
    chosen: set[pyoxigraph.Triple] = set()
    seen, waiting = {catalogue}, [catalogue]
    while waiting:
        for triple in about[waiting.pop()]:
            iri = triple.object.value if isinstance(triple.object, pyoxigraph.NamedNode) else ""
            if iri in others:
                # Related datasets are named, not brought along; what contains or serves them is told on their pages.
                if triple.predicate == _RELATION:
                    chosen.add(triple)
                continue
            chosen.add(triple)
            if iri in about and iri not in seen:
                seen.add(iri)
                waiting.append(iri)
    return in_reading_order(chosen | set(_view(len(datasets), page, url)))


def _view(total: int, page: int, url: str) -> list[pyoxigraph.Triple]:
    def there(number_: int) -> list[Value]:
        return [node(f"{url}?page={number_}")] if 1 <= number_ <= total else []

    return list(
        described(
            f"{url}?page={page}",
            ["hydra:PartialCollectionView"],
            {
                "hydra:first": there(1),
                "hydra:previous": there(page - 1),
                "hydra:next": there(page + 1),
                "hydra:last": there(max(1, total)),
                "hydra:totalItems": [number(total)],
            },
        )
    )


def _datasets(triples: Sequence[pyoxigraph.Triple]) -> list[str]:
    subjects = {triple.subject.value for triple in triples if isinstance(triple.subject, pyoxigraph.NamedNode)}
    return [dataset.iri for dataset in DATASETS if dataset.iri in subjects]
