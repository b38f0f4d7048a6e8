"""Templates and the files of the design: style, script, fonts, icon."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import jinja2

from interkommunal.http.pages.entity.model import Link, Row
from interkommunal.http.pages.frame import Frame

_HERE: Final = Path(__file__).parent
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


class Design:
    """Renders templates and hands out the files that pages load."""

    def __init__(self) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters["groupby_head"] = by_head

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The files by name; nothing else below the folder can be asked for."""
        folder = _HERE / "static"
        found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in _TYPES)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}

    @cached_property
    def path(self) -> str:
        """Where the files lie; it holds their fingerprint, so that browsers may keep them for good."""
        digest = blake2b(digest_size=8)
        for name, body in self.files.items():
            digest.update(name.encode() + b"\0" + body)
        return f"/design/{digest.hexdigest()}"

    def render(self, template: str, frame: Frame, **values: Any) -> bytes:
        """A page."""
        text = self._templates.get_template(template).render(frame=frame, say=frame.say, **values)
        return text.encode("utf-8")

    @staticmethod
    def content_type(name: str) -> str:
        """Media type of a file of the design."""
        return _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def by_head(rows: Iterable[Row]) -> Iterator[tuple[Link | None, list[Row]]]:
    """Rows of the same property, one after the other, together under it."""
    for (head, _), same in groupby(rows, key=lambda row: (row.head, row.inverse)):
        yield head, list(same)
