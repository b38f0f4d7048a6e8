"""Turns the links of what was written, which are those of the server, into those of files."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from interkommunal.export import links, tree
from interkommunal.export.addresses import Link, relative
from interkommunal.export.crawl import Copy
from interkommunal.export.note import NOTE
from interkommunal.export.visiting import Draft
from interkommunal.texts import Text

_FORM: Final = Text("Search and filters need the server")


def turn(root: Path, copy: Copy, draft: Draft) -> None:
    """Turn the links of a file.

    Raises:
        OSError: it cannot be written.
    """
    path, turned = root / draft.name, _Turned(copy, draft)
    text = path.read_bytes().decode()
    if draft.kind == "page":
        form = f'<p><a href="{escape(turned.note())}">{escape(_FORM.in_(draft.language))}</a></p>'
        text = links.rewrite_page(text, turned.link, turned.public, form)
    elif draft.kind == "style":
        text = links.rewrite_style(text, turned.link)
    elif draft.kind == "feed":
        text = tree.with_suffix(text, copy.nodes, draft.suffix)
    else:
        text = links.rewrite_map(text, turned.kept)
    path.write_bytes(text.encode())


@dataclass(frozen=True)
class _Turned:
    """The links of one file.

    Attributes:
        copy: what there is. draft: the file.
    """

    copy: Copy
    draft: Draft

    def link(self, target: str) -> str:
        """A link of the page as one between files; whole addresses stay whole."""
        found = self.copy.site.link(target, self.draft.place)
        if found is None:
            return target
        file = self._file(found)
        fragment = f"#{found.fragment}" if found.fragment and file is not None else ""
        if found.absolute:
            return self.copy.site.public(quote(file or self._note_file())) + fragment
        return quote(relative(file or self._note_file(), self.draft.name)) + fragment

    def public(self, target: str) -> str:
        """A whole address of the site as the one in the copy; others, and those that only a server has, stay."""
        found = self.copy.site.link(target, self.draft.place)
        file = None if found is None else self._file(found)
        if found is None or file is None:
            return target
        return self.copy.site.public(quote(file)) + (f"#{found.fragment}" if found.fragment else "")

    def kept(self, target: str) -> str | None:
        """As ``public``, but nothing for what only a server has."""
        found = self.copy.site.link(target, self.draft.place)
        return None if found is None or self._file(found) is None else self.public(target)

    def note(self) -> str:
        """The page that says what needs the server."""
        return quote(relative(self._note_file(), self.draft.name))

    def _note_file(self) -> str:
        return self.copy.entries[NOTE].files[self.draft.language]

    def _file(self, link: Link) -> str | None:
        """The file that a link leads to; ``None`` if only the server has it."""
        entry = self.copy.resolved(link.place)
        if entry is None or not entry.files:
            return None
        # Another choice or order of things is another page, unless the link leads to a place on the whole one, or goes
        # on from page to page.
        same = (link.place, link.query) in self.copy.same
        if link.query and not link.fragment and not link.place.page and not same:
            return None
        language = link.language if link.language in entry.files else self.draft.language
        return entry.files.get(language) or entry.files[self.copy.site.language]
