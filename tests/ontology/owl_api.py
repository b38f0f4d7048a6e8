"""Asks the OWL API and the HermiT reasoner about one ontology; the tests run this file in a process of its own.

In: a file in RDF/XML and, optionally, the word ``profiles``. Out: one JSON object on standard output,
``{"DL": [...], "RL": [...], "consistent": true, "unsatisfiable": [...]}``: what leaves the profile OWL 2 DL or RL, in
the words of the OWL API (empty: nothing), whether the ontology has a model, and which named classes can have no member.
The last two are missing with ``profiles`` and for an ontology outside OWL 2 DL, for which HermiT has no answer.

Both are Java (OWL API 3.4, HermiT 1.3.8) and lie in the jar that owlready2 ships. A process of its own keeps the Java
machine, which can start only once a process, away from pytest.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import jpype  # type: ignore[import-untyped, import-not-found, unused-ignore]

_NOTHING = "http://www.w3.org/2002/07/owl#Nothing"


def _jar() -> Path:
    found = importlib.util.find_spec("owlready2")
    if found is None or found.origin is None:
        raise SystemExit("owlready2, which ships the reasoner, is not installed")
    return Path(found.origin).parent / "hermit" / "HermiT.jar"


def _load(file: Path) -> Any:
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    return manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(file)))


def _profiles(ontology: Any) -> dict[str, Any]:
    found = {}
    for name in ("DL", "RL"):
        profile = jpype.JClass(f"org.semanticweb.owlapi.profiles.OWL2{name}Profile")()
        found[name] = sorted({str(violation) for violation in profile.checkOntology(ontology).getViolations()})
    return found


def _model(ontology: Any) -> dict[str, Any]:
    reasoner = jpype.JClass("org.semanticweb.HermiT.Reasoner")(ontology)
    if not reasoner.isConsistent():
        return {"consistent": False, "unsatisfiable": []}
    classes = {str(entity.getIRI()) for entity in reasoner.getUnsatisfiableClasses()}
    return {"consistent": True, "unsatisfiable": sorted(classes - {_NOTHING})}


def _main(file: Path, profiles_only: bool) -> dict[str, Any]:
    jpype.startJVM(classpath=[str(_jar())])
    ontology = _load(file)
    found = _profiles(ontology)
    return found if profiles_only or found["DL"] else found | _model(ontology)


if __name__ == "__main__":
    json.dump(_main(Path(sys.argv[1]), "profiles" in sys.argv[2:]), sys.stdout)
