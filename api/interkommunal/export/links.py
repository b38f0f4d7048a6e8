"""The links of what was rendered: found by the mark that they bear, and written as those of files.

Links of pages and drawings become relative; whole addresses in their heads and data (canonical links, schema.org)
become those of files below the public URL; in text and in data, the mark just goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from httpx import Response

from interkommunal.export.addresses import MARK, Link, link, relative, unmarked
from interkommunal.export.inventory import Copy, Draft
from interkommunal.export.rdf import with_suffix
from interkommunal.texts import Text

# A link of ours and what is before it: an attribute, the tag of an address in a site map, or a quote (JSON).
_LINK: Final = re.compile(
    r'(?:\s(?P<name>href|src|xlink:href|poster|content)="|(?P<tag><loc>)|(?<!=)")'
    rf'(?P<target>[^"<>\s]*/{MARK}[^"<>\s]*)'
)
# These are for others: whole addresses in the head and the data of a page.
_WHOLE: Final = frozenset({"content", None})
_FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)
_MAP_ENTRY: Final = re.compile(r"<(url|sitemap)>.*?</\1>\n?", re.DOTALL)
_STYLE_URL: Final = re.compile(r"""url\(\s*["']?(?!data:)([^"')]+)""")
_LINK_FIELD: Final = re.compile(r"<([^>]*)>\s*((?:;[^,<]*)*)")
_NO_FORM: Final = Text("Search and filters need the server")


def found_links(text: str) -> Iterator[Link]:
    """Where a page, drawing or site map leads to, forms aside."""
    for match in _LINK.finditer(_FORM.sub("", text)):
        found = link(unescape(match["target"]))
        if found is not None and (match["tag"] or match["name"] not in _WHOLE):
            yield found


def style_links(text: str) -> list[str]:
    """What a style sheet loads, as it names it."""
    return _STYLE_URL.findall(text)


def field_links(answer: Response, relations: str = "alternate|describedby|item|linkset|next") -> Iterator[Link]:
    """The ``Link`` fields (RFC 8288) with one of the relations; by default to forms of the same thing."""
    for target, parameters in _LINK_FIELD.findall(answer.headers.get("link", "")):
        found = link(target)
        if found is not None and re.search(rf'rel="?(?:{relations})\b', parameters):
            yield found


def finish(root: Path, copy: Copy, draft: Draft) -> None:
    """Write the links of a file as those of files.

    Raises:
        OSError: it cannot be written.
    """
    path = root / draft.name
    text = path.read_bytes().decode()
    if draft.kind == "feed":
        text = with_suffix(text, copy.nodes, draft.suffix)
    elif draft.kind == "map":
        text = _MAP_ENTRY.sub(lambda match: _map_entry(copy, draft, match), text)
    else:
        way = escape(quote(relative(copy.note(draft.language), draft.name)))
        form = f'<p><a href="{way}">{escape(_NO_FORM.in_(draft.language))}</a></p>'
        text = _FORM.sub(lambda _: form, text)
        text = _LINK.sub(lambda match: _written(copy, draft, match), text)
    path.write_bytes(unmarked(text.encode()))


def _written(copy: Copy, draft: Draft, match: re.Match[str]) -> str:
    """A link of a page as it stands in the copy."""
    found = link(unescape(match["target"]))
    if found is None:
        return match[0]
    file = copy.file(found, draft.language)
    if match["name"] in _WHOLE:
        # Others read these; what only a server has keeps its address.
        target = None if file is None else copy.public(file, found.fragment)
    elif found.absolute:
        target = copy.public(file or copy.note(draft.language), found.fragment if file else "")
    else:
        target = quote(relative(file or copy.note(draft.language), draft.name))
        target += f"#{found.fragment}" if found.fragment and file else ""
    return match[0] if target is None else match[0].removesuffix(match["target"]) + escape(target)


def _map_entry(copy: Copy, draft: Draft, entry: re.Match[str]) -> str:
    """An entry of a site map; nothing for what only a server has."""
    (match,) = _LINK.finditer(entry[0])
    found = link(unescape(match["target"]))
    file = None if found is None else copy.file(found, draft.language)
    if found is None or file is None:
        return ""
    return entry[0].replace(match[0], f"<loc>{escape(copy.public(file, found.fragment))}")
