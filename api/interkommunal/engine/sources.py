"""Where the answers of each tier come from: a store in memory, a store on disk, another endpoint.

A zygote prepares a source once, in a process that will fork; each worker forked from it then asks for what evaluates
queries.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from pyoxigraph import Store

from interkommunal.engine.evaluation import Evaluate, evaluate
from interkommunal.engine.merging import MergingStore
from interkommunal.engine.union import load_union


class Source(Protocol):
    """What a zygote holds.

    Attributes:
        files: how many files a worker may have open.
        network: whether workers need the network.
    """

    @property
    def files(self) -> int:
        """How many files a worker may have open."""

    @property
    def network(self) -> bool:
        """Whether every worker needs the network."""

    def prepare(self) -> None:
        """In the zygote: get ready. Must leave no thread behind.

        Raises:
            OSError, ValueError, SyntaxError: the source cannot be used.
        """

    def evaluator(self) -> Evaluate:
        """In a worker: what evaluates queries."""


class MemorySource:
    """A file of N-Quads, loaded once and shared by all workers."""

    files: Final = 64
    network: Final = False

    def __init__(self, location: str) -> None:
        self._path = Path(location)
        self._store = Store()

    def prepare(self) -> None:
        """Load the file and its union."""
        load_union(self._store, self._path)

    def evaluator(self) -> Evaluate:
        """Evaluation on the shared store."""
        return partial(evaluate, MergingStore(self._store))


class DiskSource:
    """A folder of RocksDB. Each worker opens it, read-only: opening starts threads, which do not survive a fork."""

    files: Final = 4096
    network: Final = False

    def __init__(self, location: str) -> None:
        self._folder = location

    def prepare(self) -> None:
        """See whether a child can open the folder."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                Store.read_only(self._folder)
            except BaseException as error:
                os.write(writing, str(error).encode()[:4000])
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as stream:
            problem = stream.read().decode(errors="replace")
        os.waitpid(pid, 0)
        if problem:
            raise OSError(problem)

    def evaluator(self) -> Evaluate:
        """Evaluation on a store that this process opens."""
        return partial(evaluate, MergingStore(Store.read_only(self._folder)))


class RemoteSource:
    """Another SPARQL endpoint. Whether it answers, queries will tell."""

    files: Final = 64
    network: Final = True

    def __init__(self, location: str) -> None:
        # Only here, because it brings rdflib with it, which the other tiers do without.
        from interkommunal.engine.remote import Endpoint

        self._endpoint = Endpoint(location)

    def prepare(self) -> None:
        """Nothing."""

    def evaluator(self) -> Evaluate:
        """Evaluation by the endpoint."""
        return self._endpoint.evaluate


_SOURCES: Final[dict[str, Callable[[str], Source]]] = {
    "memory": MemorySource,
    "disk": DiskSource,
    "remote": RemoteSource,
}


def make_source(tier: str, location: str) -> Source:
    """The source of a tier.

    Args:
        tier: ``memory``, ``disk`` or ``remote``.
        location: a file, a folder, or the IRI of an endpoint.

    Raises:
        ValueError: there is no such tier.
    """
    if tier not in _SOURCES:
        raise ValueError(f"there is no tier {tier!r}")
    return _SOURCES[tier](location)


def identify(tier: str, location: str) -> tuple[str, ...]:
    """What makes two requests mean the same source: the same endpoint, or the same file, unchanged.

    Raises:
        OSError: there is no such file or folder.
    """
    if tier == "remote":
        return tier, location
    path = Path(location).resolve()
    facts = path.stat()
    return tier, str(path), str(facts.st_ino), str(facts.st_size), str(facts.st_mtime_ns)
