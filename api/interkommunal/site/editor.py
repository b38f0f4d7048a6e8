"""Where the files of the SPARQL editor lie: the npm package ``@zazuko/yasgui``, served by ourselves.

Set-up with Node copies them beside the other static files, from where a wheel takes them along. Without them the query
page is a plain form.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

FOLDER: Final = "yasgui"
_NEEDED: Final = ("yasgui.min.js", "yasgui.min.css")


def is_there(files: Container[str]) -> bool:
    """Whether the built editor is among the files of the design."""
    return all(f"{FOLDER}/{name}" in files for name in _NEEDED)
