"""Templates and style of the pages of the library, on top of those of the overviews."""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Final

import jinja2

from interkommunal.http.overviews.paper import Paper

_HERE: Final = Path(__file__).parent
STYLE: Final = "library.css"


class LibraryPaper(Paper):
    """Renders the templates of the library."""

    def __init__(self) -> None:
        super().__init__()
        above = self._templates.loader
        assert above is not None, "overviews have templates"
        self._templates.loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(_HERE / "templates"), above])

    @cached_property
    def style(self) -> bytes:
        """The style of these pages."""
        return (_HERE / "static" / STYLE).read_bytes()

    @cached_property
    def style_path(self) -> str:
        """Where it lies; the path holds its fingerprint, so that browsers may keep it for good."""
        return f"/queries/assets/{blake2b(self.style, digest_size=8).hexdigest()}/{STYLE}"
