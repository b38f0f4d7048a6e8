"""An engine without processes, for one query at a time on the command line.

In: a release's quads. Out: answers as every tier gives them, through the same guard. Nothing can be killed here but the
program itself, so the deadline is not enforced; rows and bytes are.
"""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Store

from interkommunal.engine.evaluation import Outcome, Sink, evaluate
from interkommunal.engine.formats import require_format
from interkommunal.engine.merging import MergingStore
from interkommunal.engine.tasks import make_task
from interkommunal.engine.union import load_union
from interkommunal.errors import ReleaseError
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.query import Inspection, QueryRequest


class LocalStore:
    """A store in this process. ``SERVICE`` is refused: what would confine it is missing."""

    def __init__(self, store: Store, guard: Guard | None = None) -> None:
        self._store = MergingStore(store)
        self._guard = guard or Guard(services=())

    @classmethod
    def open(cls, quads: Path) -> LocalStore:
        """Load a file of N-Quads.

        Raises:
            ReleaseError: it cannot be read.
        """
        store = Store()
        try:
            load_union(store, quads)
        except (OSError, ValueError, SyntaxError) as error:
            raise ReleaseError(f"cannot open {quads}: {error}") from None
        return cls(store)

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
        require_format(verdict.inspection.form, request.media_type)
        return evaluate(self._store, make_task(request, verdict, request.limits), sink)

    def answer(self, request: QueryRequest) -> bytes:
        """The whole answer to a query; raises as :meth:`write` does."""
        collected = _Collected()
        self.write(request, collected)
        return b"".join(collected.blocks)


class _Collected:
    def __init__(self) -> None:
        self.blocks: list[bytes] = []

    def take(self, block: bytes) -> None:
        """Keep ``block``."""
        self.blocks.append(block)
