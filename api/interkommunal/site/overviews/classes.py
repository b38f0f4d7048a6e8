"""What classes are called, here and in addresses; also those of OWL and SHACL, for which no vocabulary has labels."""

from __future__ import annotations

import re
from typing import Final

from interkommunal.namespaces import IK, PREFIXES, curie
from interkommunal.texts import Language, Text

_OWL, _SH, _RDFS = PREFIXES["owl"], PREFIXES["sh"], PREFIXES["rdfs"]
_UNNAMED: Final = {
    f"{_OWL}Class": Text("Class"),
    f"{_OWL}ObjectProperty": Text("Object property"),
    f"{_OWL}DatatypeProperty": Text("Datatype property"),
    f"{_OWL}AnnotationProperty": Text("Annotation property"),
    f"{_OWL}SymmetricProperty": Text("Symmetric property"),
    f"{_OWL}Ontology": Text("Ontology"),
    f"{_RDFS}Datatype": Text("Datatype"),
    f"{_SH}NodeShape": Text("Rule for a class"),
    f"{_SH}PropertyShape": Text("Rule for a property"),
    f"{_SH}PropertyGroup": Text("Group of rules"),
}


def class_name(iri: str, label: str, language: Language) -> str:
    """The name of a class: its label, else ours for it, else its IRI in short."""
    known = _UNNAMED.get(iri)
    if known is not None:
        return known.in_(language)
    return label or curie(iri) or iri


def class_slug(iri: str) -> str:
    """How a class is called in addresses: ``agreement-text`` for one of ours, ``org-post`` for another."""
    short = curie(iri) or iri
    prefix, _, local = short.partition(":")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local).lower() or "class"
    return words if iri.startswith(IK) else f"{prefix}-{words}"
