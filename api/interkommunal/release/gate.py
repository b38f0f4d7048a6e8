"""The gate for catalogues: none goes out that the official shapes of DCAT-AP 3.0.1 and DCAT-AP.de 3.0 object to.

In go the triples of a catalogue, out come the violations, each with the thing, the property and what the shape says.
The shapes lie in ``conformance``, as their authors wrote them; each folder there names origin and licence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph

from interkommunal.errors import ReleaseError
from interkommunal.namespaces import CATALOGUE_PREFIXES, prefixed_name
from interkommunal.release.formats import ntriples

if TYPE_CHECKING:
    from rdflib import Graph

SHAPES: Final = Path(__file__).parent / "conformance"
# The shapes of a profile; the German ones build on those of the European edition before.
EU: Final = ("dcat-ap-3.0.1/dcat-ap-SHACL.ttl",)
DE: Final = tuple(
    f"dcat-ap-de-3.0/{name}.ttl"
    for name in (
        "dcat-ap-3.0.0-SHACL",
        "dcat-ap-SHACL-DE",
        "dcat-ap-de-deprecated",
        "dcat-ap-spec-german-additions",
        "dcat-ap-de-controlledvocabularies",
    )
)
PROFILES: Final = {"DCAT-AP 3.0.1": EU, "DCAT-AP.de 3.0": DE}
# As many as a person reads at once.
_SHOWN: Final = 5


class Finding(NamedTuple):
    """What a shape objects to.

    Attributes:
        profile: whose shape it is. severity: ``Violation``, ``Warning`` or ``Info``.
        thing: IRI of what is wrong. property: IRI of the property; empty if it is not about one.
        message: what the shape says, in English where it can. value: what stands there; empty if something is missing.
    """

    profile: str
    severity: str
    thing: str
    property: str
    message: str
    value: str

    def __str__(self) -> str:
        about = f" {prefixed_name(self.property, CATALOGUE_PREFIXES)}" if self.property else ""
        value = f" ({prefixed_name(self.value, CATALOGUE_PREFIXES)})" if self.value and self.value != self.thing else ""
        return f"{self.profile}: {prefixed_name(self.thing, CATALOGUE_PREFIXES)}{about}: {self.message}{value}"


def findings(triples: Iterable[pyoxigraph.Triple]) -> list[Finding]:
    """What the official shapes find in a catalogue, in order; none if it conforms.

    Args:
        triples: of the catalogue, with what it says of the terms that it uses.
    """
    from rdflib import Graph

    data = Graph().parse(data=ntriples(triples), format="nt")
    return sorted({finding for profile, files in PROFILES.items() for finding in _validated(data, profile, files)})


def admit(triples: Iterable[pyoxigraph.Triple]) -> None:
    """Lets a catalogue pass that violates no official shape.

    Raises:
        ReleaseError: it violates one; says which, and what of.
    """
    wrong = [finding for finding in findings(triples) if finding.severity == "Violation"]
    if wrong:
        shown = "; ".join(f"({place}) {finding}" for place, finding in enumerate(wrong[:_SHOWN], 1))
        more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise ReleaseError(
            f"portals would refuse the catalogue ({len(wrong)} violations of the official shapes), so nothing was "
            f"published and the release in force stays: {shown}{more}. "
            "Settings such as operator_url or contributor may be wrong; what is said of datasets and files stands in "
            "interkommunal/release"
        )


@cache
def shapes(files: tuple[str, ...]) -> Graph:
    """The shapes in these files, without what pySHACL cannot follow: imports, and references to shapes left out."""
    from rdflib import Graph
    from rdflib.namespace import OWL, SH

    graph = Graph()
    for file in files:
        graph.parse(SHAPES / file)
    graph.remove((None, OWL.imports, None))
    for shape, part in list(graph.subject_objects(SH.property)):
        if (part, SH.path, None) not in graph:
            graph.remove((shape, SH.property, part))
    return graph


def _validated(data: Graph, profile: str, files: tuple[str, ...]) -> list[Finding]:
    # Loading it takes longer than all the rest of a small build.
    import pyshacl
    from rdflib import Graph
    from rdflib.namespace import RDF, SH

    _, report, _ = pyshacl.validate(data, shacl_graph=shapes(files), inference="none")
    assert isinstance(report, Graph)
    return [
        Finding(
            profile,
            str(report.value(result, SH.resultSeverity)).rpartition("#")[2],
            str(report.value(result, SH.focusNode)),
            str(report.value(result, SH.resultPath) or ""),
            _message([*report.objects(result, SH.resultMessage)]),
            str(report.value(result, SH.value) or ""),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    ]


def _message(messages: Sequence[object]) -> str:
    """One of the messages, rather in English, in one line."""
    found = sorted((getattr(item, "language", None) not in ("en", None), str(item)) for item in messages)
    return " ".join(found[0][1].split()) if found else "does not conform"
