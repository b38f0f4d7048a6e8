"""Where the answers of each tier come from: a store in memory, a store on disk, another endpoint.

A zygote prepares a source once, in a process that will fork; each worker forked from it then asks for what evaluates
queries. In every store the default graph is the union of all graphs, each triple once: SPARQL 1.1 §13.1 makes it an RDF
merge, so a set. pyoxigraph's own union mode is a bag, where a triple that two passages state counts twice. So the union
is written into the default graph when a store is made; about half as much memory and time again, and plain queries run
faster for it.
"""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from pyoxigraph import Quad, RdfFormat, Store, parse

from interkommunal.engine.evaluation import Evaluate, Outcome, Sink, evaluate, make_task
from interkommunal.engine.merging import MergingStore
from interkommunal.errors import ReleaseError
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.query import Inspection, QueryRequest

_UNION: Final = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


def load_union(store: Store, quads: Path) -> None:
    """Load a file of N-Quads into an empty store, and the union of its graphs into the default graph.

    Raises:
        OSError: the file cannot be read.
        SyntaxError: it is no N-Quads.
    """
    store.bulk_load(path=str(quads), format=RdfFormat.N_QUADS)
    store.update(_UNION)


class Source(ABC):
    """What a zygote holds.

    Args:
        location: a file, a folder, or the IRI of an endpoint.

    Attributes:
        files: how many files a worker may have open.
        network: whether every worker needs the network.
    """

    files: ClassVar = 64
    network: ClassVar = False

    def __init__(self, location: str) -> None:
        self._location = location

    def prepare(self) -> None:  # noqa: B027 - an endpoint needs nothing
        """In the zygote: get ready. Must leave no thread behind.

        Raises:
            OSError, ValueError, SyntaxError: the source cannot be used.
        """

    @abstractmethod
    def evaluator(self) -> Evaluate:
        """In a worker: what evaluates queries."""


class MemorySource(Source):
    """A file of N-Quads, loaded once and shared by all workers."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self._store = Store()

    def prepare(self) -> None:
        """Load the file and its union."""
        load_union(self._store, Path(self._location))

    def evaluator(self) -> Evaluate:
        """Evaluation on the shared store."""
        return partial(evaluate, MergingStore(self._store))


class DiskSource(Source):
    """A folder of RocksDB. Each worker opens it, read-only: opening starts threads, which do not survive a fork."""

    files = 4096

    def prepare(self) -> None:
        """See whether a child can open the folder."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                Store.read_only(self._location)
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
        return partial(evaluate, MergingStore(Store.read_only(self._location)))


class RemoteSource(Source):
    """Another SPARQL endpoint. Whether it answers, queries will tell."""

    network = True

    def __init__(self, location: str) -> None:
        super().__init__(location)
        # Only here, because it brings rdflib with it, which the other tiers do without.
        from interkommunal.engine.remote import Endpoint

        self._endpoint = Endpoint(location)

    def evaluator(self) -> Evaluate:
        """Evaluation by the endpoint."""
        return self._endpoint.evaluate


#: By tier.
SOURCES: Final[dict[str, type[Source]]] = {"memory": MemorySource, "disk": DiskSource, "remote": RemoteSource}


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


def build_disk_store(quads: Path, folder: Path) -> None:
    """Load ``quads`` into a new store at ``folder``, in bulk; one that is there already is replaced.

    As in memory the default graph holds each triple of all graphs once. Takes about half a
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


class LocalStore:
    """A store in this process. ``SERVICE`` is refused: what would confine it is missing."""

    def __init__(self, store: Store, guard: Guard | None = None) -> None:
        self._store = MergingStore(store)
        self._guard = guard or Guard(services=())

    @classmethod
    def open(cls, quads: Path, guard: Guard | None = None) -> LocalStore:
        """Load a file of N-Quads.

        Raises:
            ReleaseError: it cannot be read.
        """
        store = Store()
        try:
            load_union(store, quads)
        except (OSError, ValueError, SyntaxError) as error:
            raise ReleaseError(f"cannot open {quads}: {error}") from None
        return cls(store, guard)

    def inspect(self, query: str) -> Inspection:
        """Form and needs of a query, judged by the guard."""
        return self._guard.judge(query).inspection

    def write(self, request: QueryRequest, sink: Sink) -> Outcome:
        """Answer a query into ``sink``.

        Raises:
            QueryError: it may not run, is malformed, exceeds the rows or bytes asked for, or fails.
            ValueError: ``media_type`` does not fit the query form.
        """
        verdict = self._guard.judge(request.query)
        return evaluate(self._store, make_task(request, verdict, request.limits), sink)

    def answer(self, request: QueryRequest) -> bytes:
        """The whole answer to a query; raises as :meth:`write` does."""
        blocks: list[bytes] = []
        self.write(request, blocks.append)
        return b"".join(blocks)
