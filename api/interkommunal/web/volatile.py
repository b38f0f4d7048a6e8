"""Which queries may give another answer each time although the data is the same."""

from __future__ import annotations

import re
from typing import Final

# Functions whose value is another one each time (SPARQL 1.1 §17.4). Found anywhere but in variables and names it makes
# an answer uncachable; a false alarm, for example in a string, costs nothing but the cache.
_VOLATILE: Final = re.compile(r"(?<![?$:\w])(NOW|RAND|UUID|STRUUID)(?!\w)", re.IGNORECASE)
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U00([0-9A-Fa-f]{6})")


def is_volatile(query: str) -> bool:
    """Whether asking the same again may give another answer although the data is the same."""
    if "(" not in query:  # all four are called with brackets
        return False
    if "\\u" in query or "\\U" in query:  # code points may be escaped anywhere (SPARQL 1.1 §19.2)
        query = _CODE_POINT.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)
    return _VOLATILE.search(query) is not None
