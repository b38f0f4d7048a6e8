"""Builds the store of the disk tier: a RocksDB folder that workers open read-only.

In: canonical N-Quads of a release. Out: a folder. It is written beside its place and renamed, so that a folder under
the final name is always complete.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse

from interkommunal.errors import ReleaseError


def build_disk_store(quads: Path, folder: Path) -> None:
    """Load ``quads`` into a new store at ``folder``, in bulk; one that is there already is replaced.

    As in memory (see ``engine.union``) the default graph holds each triple of all graphs once. Takes about half a
    minute a million quads.

    Raises:
        ReleaseError: the quads cannot be read, or the folder cannot be written.
    """
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        _load(quads, unfinished)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    except (OSError, ValueError, SyntaxError) as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ReleaseError(f"cannot build the store {folder} from {quads}: {error}") from None


def _load(quads: Path, folder: Path) -> None:
    """Kept apart so that the store is closed, and all is on disk, when it returns."""
    store = Store(str(folder))
    store.bulk_load(path=str(quads), format=RdfFormat.N_QUADS)
    # Not by an update: a transaction would have to fit into memory. Keys that are there already are written over.
    store.bulk_extend(
        Quad(quad.subject, quad.predicate, quad.object) for quad in parse(path=str(quads), format=RdfFormat.N_QUADS)
    )
    store.flush()
