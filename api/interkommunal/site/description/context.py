"""The JSON-LD context of the project: our names for terms, and the loader that refuses the network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import orjson

from interkommunal import __version__
from interkommunal.errors import ReleaseError
from interkommunal.namespaces import BASE

FILE: Final = "context.jsonld"
CONTEXT_PATH: Final = f"/context/{__version__}.jsonld"
CONTEXT_IRI: Final = f"{BASE}context/{__version__}.jsonld"


@dataclass(frozen=True)
class Context:
    """Names for terms.

    Attributes:
        body: the file as it is served.
        terms: the object under ``@context``.
    """

    body: bytes
    terms: dict[str, Any]

    def names(self, iris: Iterable[str]) -> dict[str, Any]:
        """The part of the context that ``iris`` need: names of terms among them, prefixes that shorten one."""
        wanted, prefixes = set(iris), self._prefixes
        kept = {name for name, iri in self._meanings.items() if iri in wanted}
        for iri in wanted:
            fitting = [prefix for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
            kept.update(sorted(fitting, key=lambda prefix: -len(prefixes[prefix]))[:1])
        # The definitions of names use prefixes too.
        for name in list(kept):
            kept.update(part.partition(":")[0] for part in _parts(self.terms[name]) if ":" in part)
        return {
            name: definition
            for name, definition in self.terms.items()
            if name in kept or name in ("@version", "id", "type")
        }

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        return {
            name: definition
            for name, definition in self.terms.items()
            if isinstance(definition, str) and definition.startswith("http") and definition.endswith(("/", "#"))
        }

    @cached_property
    def _meanings(self) -> dict[str, str]:
        """The IRI that each name stands for."""
        found = {}
        for name, definition in self.terms.items():
            term = definition["@id"] if isinstance(definition, dict) else definition
            prefix, _, local = str(term).partition(":")
            if name not in self._prefixes and prefix in self._prefixes:
                found[name] = f"{self._prefixes[prefix]}{local}"
        return found


def _parts(definition: Any) -> list[str]:
    parts = definition.values() if isinstance(definition, dict) else [definition]
    return [part for part in parts if isinstance(part, str)]


def read_context(path: Path) -> Context:
    """The context in a file.

    Raises:
        ReleaseError: it cannot be read.
    """
    try:
        body = path.read_bytes()
        return Context(body, orjson.loads(body)["@context"])
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(f"cannot read the JSON-LD context {path}: {error}") from error


def refuse(url: str, options: object) -> Any:
    """A document loader for PyLD that loads nothing: whatever a document names, no request leaves this server."""
    raise ReleaseError(f"a JSON-LD document names {url}, and nothing is loaded from elsewhere")
