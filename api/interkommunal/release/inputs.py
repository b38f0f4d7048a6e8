"""What a release was built from, as one hash, to tell without building whether building again could change anything.

In: what people write, the rooms that turn it into a release, the libraries these use, and settings. Out: a fingerprint,
and a record of it beside the releases. The record is a hint and no part of a release: without it a build does its work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from interkommunal.content import Content
from interkommunal.release.release import Release

_RECORD: Final = ".inputs"
_PACKAGE: Final = Path(__file__).resolve().parents[1]
_ROOMS: Final = ("graph", "validation", "release")
_COMMANDS: Final = Path("cli", "building.py")


def fingerprint(content: Content, settings: Iterable[str]) -> str:
    """A hash over the bytes of all files that a build reads, the versions of all libraries, and ``settings``.

    Raises:
        OSError: a file cannot be read.
    """
    digest = blake2b(digest_size=32)
    for name, body in _inputs(content):
        digest.update(b"%d %b %d " % (len(name), name, len(body)))
        digest.update(body)
    versions = sorted(f"{found.metadata['Name']} {found.version}" for found in distributions())
    digest.update(json.dumps([versions, list(settings)]).encode())
    return digest.hexdigest()


def remember(releases: Path, release: Release, made_from: str) -> None:
    """Note beside ``releases`` from what the release in force was made; a folder that takes no note is no error."""
    try:
        unfinished = releases / f"{_RECORD}.new"
        unfinished.write_text(json.dumps({"release": release.identifier, "inputs": made_from}), encoding="utf-8")
        unfinished.replace(releases / _RECORD)
    except OSError:
        return


def was_made_from(releases: Path, release: Release, inputs: str) -> bool:
    """Whether the last build made ``release`` from just these inputs."""
    try:
        found = json.loads((releases / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == {"release": release.identifier, "inputs": inputs})


def _inputs(content: Content) -> Iterator[tuple[bytes, bytes]]:
    folders = [content.ontology, content.data, content.shapes, content.queries]
    for folder in folders:
        yield from _files(folder, folder.rglob("*"))
    yield from _files(_PACKAGE, [*_PACKAGE.glob("*.py"), _PACKAGE / _COMMANDS])
    for room in _ROOMS:
        yield from _files(_PACKAGE, (_PACKAGE / room).rglob("*"))


def _files(folder: Path, found: Iterable[Path]) -> Iterator[tuple[bytes, bytes]]:
    for path in sorted(found):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder.parent).as_posix().encode(), path.read_bytes()
