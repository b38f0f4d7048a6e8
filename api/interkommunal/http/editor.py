"""Where the files of the SPARQL editor lie: the npm package ``@zazuko/yasgui``, served by ourselves.

Set-up with Node copies them beside the other static files, from where a wheel takes them along. Without them the query
page is a plain form.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "static" / "yasgui"
_NEEDED: Final = ("yasgui.min.js", "yasgui.min.css")


def find() -> Path | None:
    """The folder with the built editor, or ``None`` if there is none."""
    return _FOLDER if all((_FOLDER / name).is_file() for name in _NEEDED) else None
