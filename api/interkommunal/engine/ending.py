"""What the end of a worker process says about the query that it worked on.

In: exit status and last words. Out: the error for the caller. An engine that fails is told from a query that takes too
much by what the engine wrote, and not by the signal: Rust ends a process by SIGABRT for a panic and for want of memory.
"""

from __future__ import annotations

import re
import signal
from typing import Final

from interkommunal.errors import EngineFailed, QueryError, QueryTimeout, QueryTooLarge

#: Last words of a process that the kernel killed for want of memory.
OUT_OF_MEMORY: Final = "Out of memory"
# What Rust, C++, Python and the C library write when the address space is used up.
_NO_MEMORY: Final = re.compile(
    rf"memory allocation of \d+ bytes failed|std::bad_alloc|\bMemoryError\b|Cannot allocate memory|{OUT_OF_MEMORY}"
)
# A shorter query cannot overflow the stack: its 8 MiB hold 6,000 nested operators, of one character or more each.
_LONG_CHARS: Final = 4096


def error_of(status: int, words: str, query: str, seconds: float) -> QueryError:
    """The error of a query whose process has ended.

    Args:
        status: its exit status, negative for a signal.
        words: what it wrote to standard error, see ``zygote``.
        query: what it worked on.
        seconds: the deadline of the query.
    """
    if _NO_MEMORY.search(words):
        return QueryTooLarge("the query needs more memory than it may take", limit="memory")
    if status == -signal.SIGPROF:
        return QueryTimeout(f"the query ran longer than {seconds:g} s", seconds)
    if status in (-signal.SIGSEGV, -signal.SIGBUS) and len(query) >= _LONG_CHARS:
        return QueryTooLarge("the query is nested too deep, or its parts are too many", limit="query")
    return EngineFailed(f"the process that evaluated the query ended with {describe(status)}")


def describe(status: int) -> str:
    """An exit status in words, for example ``SIGABRT`` or ``status 1``."""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"status {status}"
