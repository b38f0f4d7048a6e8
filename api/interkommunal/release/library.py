"""The query library as a release carries it: ``library.json``, so that whoever serves a release opens no query file.

What a question is and how its file is read is told in :mod:`interkommunal.graph.library`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from interkommunal.errors import ReleaseError
from interkommunal.graph.library import RESULTS, LibraryQuery, Parameter, bound, parse_query, read_library, using
from interkommunal.release.release import Release
from interkommunal.texts import Label

__all__ = (
    "FEDERATED",
    "MEDIA_TYPE",
    "NAME",
    "RESULTS",
    "LibraryQuery",
    "Parameter",
    "bound",
    "from_json",
    "open_federated",
    "open_library",
    "parse_query",
    "read_library",
    "to_json",
    "using",
)

NAME: Final = "library.json"
# Questions that ask another endpoint too; they are offered, never asked by a page.
FEDERATED: Final = "federated.json"
MEDIA_TYPE: Final = "application/json"


def to_json(library: Iterable[LibraryQuery]) -> bytes:
    """The library as the file :data:`NAME` holds it, the same bytes for the same questions."""
    return (json.dumps([asdict(query) for query in library], ensure_ascii=False, indent=1) + "\n").encode()


def from_json(data: bytes) -> tuple[LibraryQuery, ...]:
    """The library that a file :data:`NAME` holds."""
    return tuple(_from_fields(fields) for fields in json.loads(data))


def _from_fields(fields: dict[str, Any]) -> LibraryQuery:
    parameters = tuple(Parameter(**item) for item in fields.pop("parameters"))
    tags, columns = tuple(fields.pop("tags")), tuple(fields.pop("columns"))
    fields["summary"] = Label(fields["summary"])
    return LibraryQuery(parameters=parameters, tags=tags, columns=columns, **fields)


def open_library(release: Release) -> tuple[LibraryQuery, ...]:
    """The library of a release; empty if it carries none.

    Raises:
        ReleaseError: it is damaged.
    """
    return _open(release, NAME)


def open_federated(release: Release) -> tuple[LibraryQuery, ...]:
    """The questions of a release that ask another endpoint too; empty if it carries none.

    Raises:
        ReleaseError: they are damaged.
    """
    return _open(release, FEDERATED)


def _open(release: Release, name: str) -> tuple[LibraryQuery, ...]:
    if name not in release.manifest.files:
        return ()
    path = release.path(name)
    try:
        return _load(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{path} is damaged; build the release again: interkommunal build") from error


@lru_cache(maxsize=4)
def _load(path: Path) -> tuple[LibraryQuery, ...]:
    # A release never changes, so its path says it all.
    return from_json(path.read_bytes())
