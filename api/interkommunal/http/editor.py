"""Where the files of the SPARQL editor lie: the npm package ``@zazuko/yasgui``, served by ourselves.

In a checkout it is in ``node_modules`` after set-up with Node; a wheel may carry a copy. Without it the query page is a
plain form.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from interkommunal.content import Content

_NEEDED: Final = ("yasgui.min.js", "yasgui.min.css")


def find(content: Content | None) -> Path | None:
    """The folder with the built editor, or ``None`` if there is none."""
    candidates = [Path(__file__).parent / "static" / "yasgui"]
    if content is not None:
        candidates.append(content.root / "node_modules" / "@zazuko" / "yasgui" / "build")
    for folder in candidates:
        if all((folder / name).is_file() for name in _NEEDED):
            return folder
    return None
