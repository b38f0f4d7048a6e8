"""The triples of a catalogue, all pages together, and the datasets in it as harvesters see them.

The IRIs that harvesters look at, in the spelling of DCAT-AP 3.0.1 and DCAT-AP.de 3.0.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from interkommunal.namespaces import CATALOGUE_PREFIXES, curie, expand

PREFIXES: Final = {
    **{name: CATALOGUE_PREFIXES[name] for name in ("adms", "dcat", "dcatap", "dcatde", "foaf", "hydra")},
    "dct": CATALOGUE_PREFIXES["dcterms"],
    **{name: CATALOGUE_PREFIXES[name] for name in ("rdf", "rdfs", "skos", "spdx", "vcard", "xsd")},
}


def iri(name: str) -> str:
    """The IRI of a name such as ``dcat:Dataset``."""
    return expand(name, PREFIXES)


def short(term: str) -> str:
    """An IRI as people write it, with a prefix where there is one."""
    return curie(term, PREFIXES) or term


_EU: Final = "http://publications.europa.eu/resource/authority/"
_DE: Final = "http://dcat-ap.de/def/"

LICENCES: Final = f"{_DE}licenses/"
CONTRIBUTORS: Final = f"{_DE}contributors/"
FILE_TYPES: Final = f"{_EU}file-type/"
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
ACCESS_RIGHTS: Final = f"{_EU}access-right/"

# Which vocabulary DCAT-AP and DCAT-AP.de ask for in which property (chapter "Controlled vocabularies").
VOCABULARIES: Final = {
    "dct:language": f"{_EU}language/",
    "dct:accrualPeriodicity": f"{_EU}frequency/",
    "dcat:theme": f"{_EU}data-theme/",
    "dct:accessRights": ACCESS_RIGHTS,
    "dct:format": FILE_TYPES,
    "dcatap:availability": f"{_EU}planned-availability/",
    "adms:status": f"{_EU}distribution-status/",
    "dcat:mediaType": MEDIA_TYPES,
}


@cache
def codes(name: str) -> frozenset[str]:
    """One of the lists of codes, for example ``licences``."""
    lists = tomllib.loads((files("interkommunal.doctor") / "lists.toml").read_text(encoding="utf-8"))
    return frozenset(lists[name])


Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal

# Followed from a dataset, for its content; never further.
_PARTS: Final = frozenset(map(iri, ("dcat:distribution", "spdx:checksum")))
# Of more, canonical names could take for ever (RDF Dataset Canonicalization, section 7.1); they all look the same then.
_MOST_BLANK: Final = 64
_BLANK: Final = re.compile(r"(?<!\S)_:\w+")
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """What a visit remembers of a dataset.

    Attributes:
        iri: its IRI, empty if it is a blank node. identifier, modified, title: of the first of each; or empty.
        content: hash of what is said of it and its distributions, without ``dct:modified``.
    """

    iri: str
    identifier: str
    title: str
    modified: str
    content: str


class Catalogue:
    """All that the pages of a catalogue say."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = list(dict.fromkeys(triples))
        self._about: dict[Node, dict[str, list[Term]]] = {}
        self._typed: dict[str, list[Node]] = {}
        for triple in self.triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue
            self._about.setdefault(subject, {}).setdefault(triple.predicate.value, []).append(value)
            if triple.predicate.value == iri("rdf:type") and isinstance(value, NamedNode):
                self._typed.setdefault(value.value, []).append(subject)

    def typed(self, name: str) -> list[Node]:
        """The nodes of a class, for example ``dcat:Dataset``, in the order of the document."""
        return self._typed.get(iri(name), [])

    def values(self, node: Term, name: str) -> list[Term]:
        """The values of a property, for example ``dct:title``."""
        return [] if isinstance(node, Literal) else self._about.get(node, {}).get(iri(name), [])

    def nodes(self, node: Node, name: str) -> list[Node]:
        """The values of a property that are no literals."""
        return [value for value in self.values(node, name) if not isinstance(value, Literal)]

    def describes(self, node: Node) -> bool:
        """Whether anything is said of ``node``."""
        return node in self._about

    def text(self, node: Term, name: str) -> str:
        """The first value of a property as text, German before others; or nothing."""
        found = self.values(node, name)
        german = [value for value in found if isinstance(value, Literal) and value.language == "de"]
        chosen = next(iter([*german, *found]), BlankNode())
        return "" if isinstance(chosen, BlankNode) else chosen.value

    def addresses(self, node: Term, name: str) -> list[str]:
        """The values of a property that are addresses of the web."""
        return [
            value.value
            for value in self.values(node, name)
            if not isinstance(value, BlankNode) and _WEB.match(value.value)
        ]

    @cached_property
    def datasets(self) -> list[Node]:
        """The nodes that harvesters take for datasets: all of the class, linked or not."""
        return list(dict.fromkeys(self.typed("dcat:Dataset")))

    @cached_property
    def linked(self) -> set[Node]:
        """What the catalogues name as their datasets."""
        return {value for catalog in self.typed("dcat:Catalog") for value in self.nodes(catalog, "dcat:dataset")}

    def distributions(self, dataset: Node) -> list[Node]:
        """The distributions of a dataset."""
        return self.nodes(dataset, "dcat:distribution")

    @cached_property
    def all_distributions(self) -> list[Node]:
        """Those of all datasets, each once."""
        return list(dict.fromkeys(node for dataset in self.datasets for node in self.distributions(dataset)))

    @cached_property
    def records(self) -> list[Record]:
        """What to remember of each dataset."""
        return [
            Record(
                iri=dataset.value if isinstance(dataset, NamedNode) else "",
                identifier=self.text(dataset, "dct:identifier"),
                title=self.text(dataset, "dct:title"),
                modified=self.text(dataset, "dct:modified"),
                content=self._content(dataset),
            )
            for dataset in self.datasets
        ]

    def _content(self, dataset: Node) -> str:
        """Hash of what is said of a dataset, its blank nodes and its distributions, but not of when it changed."""
        said = Dataset(Quad(*triple) for triple in self._said(dataset))
        blank = {node for quad in said for node in (quad.subject, quad.object) if isinstance(node, BlankNode)}
        if is_small := len(blank) <= _MOST_BLANK:
            said.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        lines = sorted(str(quad) if is_small else _BLANK.sub("_:b", str(quad)) for quad in said)
        return sha256("\n".join(lines).encode()).hexdigest()

    def _said(self, dataset: Node) -> Iterator[Triple]:
        nodes, seen = [dataset], {dataset}
        # The list grows while it is walked through.
        for node in nodes:
            for name, values in self._about.get(node, {}).items():
                for value in values if name != iri("dct:modified") else ():
                    yield Triple(node, NamedNode(name), value)
                    if isinstance(value, BlankNode) or (isinstance(value, NamedNode) and name in _PARTS):
                        nodes += [value] if value not in seen else []
                        seen.add(value)


def name_of(catalogue: Catalogue, node: Node) -> str:
    """A node as a person would know it."""
    if isinstance(node, NamedNode):
        return node.value
    title = catalogue.text(node, "dct:title")
    return f"[] „{title}“" if title else "[]"
