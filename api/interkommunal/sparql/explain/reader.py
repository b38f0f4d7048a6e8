"""Lets a process of its own read a query, so that no query holds up or brings down the server.

The parent sends the query on standard input and gets the model back, pickled by its own child. The child may use a few
seconds of processor and some memory; who takes more is ended.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from typing import Any, Final

from interkommunal.errors import QueryError, QueryFailed
from interkommunal.sparql.explain.model import Reading
from interkommunal.texts import Text

_MODULE: Final = "interkommunal.sparql.explain.reader"
_SECONDS: Final = 10.0
_PROCESSOR_SECONDS: Final = 5
_MEMORY: Final = 1 << 30
_DEPTH: Final = 50_000
_NICENESS: Final = 10
# Processes of one server at the same time.
_MOST: Final = 2


class Reader:
    """Reads queries, two at a time. Belongs to one event loop."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_MOST)

    async def read(self, query: str, base: str | None = None, *, parse: bool = True) -> Reading:
        """The model of ``query``; arguments as those of :func:`interkommunal.sparql.explain.reading.read`.

        Raises:
            QuerySyntaxError: the engine does not understand it.
            QueryFailed: rdflib does not, or it takes too much time or memory.
        """
        async with self._turn:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                _MODULE,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                async with asyncio.timeout(_SECONDS):
                    output, _ = await process.communicate(pickle.dumps((query, base, parse)))
            except TimeoutError:
                raise QueryFailed(Text("Sie zu lesen dauert zu lange.", "reading it takes too long")) from None
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode != 0:
            raise QueryFailed(Text("Sie ist zu verwickelt.", "it is too intricate"))
        found = pickle.loads(output)
        if isinstance(found, Reading):
            return found
        raise QueryError.unpacked(found)


def _main() -> None:
    import resource

    os.nice(_NICENESS)  # queries come first
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    # The parser goes deeper with each triple of a block; if the stack does not bear it, only this process ends.
    sys.setrecursionlimit(_DEPTH)
    from interkommunal.sparql.explain.reading import read

    query, base, parse = pickle.load(sys.stdin.buffer)
    found: Reading | dict[str, Any]
    try:
        found = read(query, base, parse=parse)
    except QueryError as error:
        found = error.packed()
    pickle.dump(found, sys.stdout.buffer)


if __name__ == "__main__":
    _main()
