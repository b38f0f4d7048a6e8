"""Templates and files of these pages, on top of the frame that all pages share."""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import jinja2

from interkommunal.http import pages
from interkommunal.http.language import Language
from interkommunal.http.pages.frame import Frame

_HERE: Final = Path(__file__).parent
_FRAME: Final = Path(pages.__file__).parent / "templates"
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class Paper:
    """Renders templates and hands out style and script."""

    def __init__(self) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader([_HERE / "templates", _FRAME]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The files by name; nothing else can be asked for."""
        return {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir()) if path.suffix in _TYPES}

    @cached_property
    def path(self) -> str:
        """Where the files lie; it holds their fingerprint, so that browsers may keep them for good."""
        digest = blake2b(digest_size=8)
        for name, body in self.files.items():
            digest.update(name.encode() + b"\0" + body)
        return f"/overviews/assets/{digest.hexdigest()}"

    @property
    def figure_style(self) -> str:
        """The style of figures, for a drawing that leaves the page."""
        return self.files["figures.css"].decode()

    def render(self, template: str, frame: Frame, **values: Any) -> bytes:
        """A page. ``both(de, en)`` gives a text in the language of the page."""
        language: Language = frame.language
        text = self._templates.get_template(template).render(
            frame=frame,
            say=frame.say,
            both=lambda german, english: german if language == "de" else english,
            assets=frame.address(self.path),
            **values,
        )
        return text.encode()

    @staticmethod
    def content_type(name: str) -> str:
        """Media type of a file."""
        return _TYPES[Path(name).suffix]
