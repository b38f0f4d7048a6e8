"""Templates and the files of the design: style, script, fonts, icon. One set for all pages of the server.

A room that has templates or files of its own adds its folder; they extend the same frame and share one fingerprint.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import jinja2

from interkommunal.site.entity.model import Link, Row
from interkommunal.site.frame import Frame

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
        self._folders: list[Path] = []
        # The files and their fingerprint, set together: threads that render pages must not see one without the other.
        self._read: tuple[dict[str, bytes], str] | None = None
        self._templates = jinja2.Environment(
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            extensions=["jinja2.ext.i18n"],
        )
        self._templates.filters["groupby_head"] = by_head
        self.add(_HERE)

    def add(self, folder: Path) -> None:
        """Add what a room has in its folders ``templates`` and ``static``; names must not be taken yet.

        Raises:
            ValueError: a template or file of this name is there already.
        """
        if folder in self._folders:
            return
        taken = {name for other in self._folders for name in _listed(other)}
        if twice := taken & set(_listed(folder)):
            raise ValueError(f"{folder}: {', '.join(sorted(twice))} are taken by another room")
        self._folders.append(folder)
        self._read = None
        self._templates.loader = jinja2.FileSystemLoader([item / "templates" for item in self._folders])

    @property
    def files(self) -> dict[str, bytes]:
        """The files by name; nothing else below the folders can be asked for."""
        return self._with_fingerprint()[0]

    @property
    def path(self) -> str:
        """Where the files lie; it holds their fingerprint, so that browsers may keep them for good."""
        return f"/design/{self._with_fingerprint()[1]}"

    def _with_fingerprint(self) -> tuple[dict[str, bytes], str]:
        read = self._read
        if read is None:
            files = {
                path.relative_to(folder / "static").as_posix(): path.read_bytes()
                for folder in self._folders
                for path in sorted((folder / "static").rglob("*"))
                if path.is_file() and path.suffix in _TYPES
            }
            digest = blake2b(digest_size=8)
            for name, body in files.items():
                digest.update(name.encode() + b"\0" + body)
            read = self._read = (files, digest.hexdigest())
        return read

    def render(self, template: str, frame: Frame, **values: Any) -> bytes:
        """A page, in the language of its frame."""
        text = self._templates.get_template(template).render(
            frame=frame,
            **frame.say.in_templates,
            **values,
        )
        return text.encode("utf-8")

    def warm(self) -> None:
        """Compile all templates, so that no visitor waits for it."""
        for name in self._templates.list_templates(extensions=["html"]):
            self._templates.get_template(name)

    @staticmethod
    def content_type(name: str) -> str:
        """Media type of a file of the design."""
        return _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _listed(folder: Path) -> list[str]:
    """Templates and files of a room."""
    return [
        path.relative_to(folder / part).as_posix()
        for part in ("templates", "static")
        for path in (folder / part).rglob("*")
        if path.is_file()
    ]


def by_head(rows: Iterable[Row]) -> Iterator[tuple[Link | None, list[Row]]]:
    """Rows of the same property, one after the other, together under it."""
    for (head, _), same in groupby(rows, key=lambda row: (row.head, row.inverse)):
        yield head, list(same)
