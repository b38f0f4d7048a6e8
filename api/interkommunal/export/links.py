"""Finds and rewrites the links of pages, drawings and style sheets.

Pages are ours and well-formed: attributes stand in double quotes, and quotes in text are escaped. So the places of
links can be found without building a tree, and everything else stays as it is, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import Final

_ATTRIBUTE: Final = re.compile(r'(\s(?:href|src|xlink:href|poster)=")([^"]*)(")')
_META: Final = re.compile(r'(<meta\b[^>]*\scontent=")(https?://[^"]*)(")')
_FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)
_DATA: Final = re.compile(r'(<script type="application/ld\+json">)(.*?)(</script>)', re.DOTALL)
_STRING: Final = re.compile(r'"(https?://[^"\\]*)"')
_STYLE_URL: Final = re.compile(r"""(url\(\s*["']?)([^"')]+)(["']?\s*\))""")
_LINK_FIELD: Final = re.compile(r"<([^>]*)>\s*((?:;[^,<]*)*)")
_LOC: Final = re.compile(r"(<loc>)([^<]+)(</loc>)")
_ENTRY: Final = re.compile(r"<(url|sitemap)>.*?</\1>\n?", re.DOTALL)
_TITLE: Final = re.compile(r"(<title>).*?(</title>)", re.DOTALL)
# Within the content of a page, what is its own: an article if there is one.
_CONTENT: Final = (
    re.compile(r"(<article\b[^>]*>).*(</article>)", re.DOTALL),
    re.compile(r"(<main\b[^>]*>).*(</main>)", re.DOTALL),
)
_HERE: Final = re.compile(r'(aria-current="page">)[^<]*(<)')
_ROBOTS: Final = re.compile(r'(<meta name="description" content=")[^"]*(")')

Rewrite = Callable[[str], str]


def page_links(text: str) -> Iterator[str]:
    """Where a page or drawing leads to."""
    for match in _ATTRIBUTE.finditer(_FORM.sub("", text)):
        yield unescape(match[2])


def style_links(text: str) -> Iterator[str]:
    """What a style sheet loads."""
    for match in _STYLE_URL.finditer(text):
        if not match[2].startswith("data:"):
            yield match[2]


def field_links(value: str, relations: str = "alternate|describedby|item|linkset|next") -> Iterator[str]:
    """The targets of a ``Link`` field (RFC 8288) with one of the relations; by default to forms of the same thing."""
    for target, parameters in _LINK_FIELD.findall(value):
        if re.search(rf'rel="?(?:{relations})\b', parameters):
            yield target


def map_links(text: str) -> list[str]:
    """The addresses in a site map."""
    return [unescape(match[2].strip()) for match in _LOC.finditer(text)]


def rewrite_page(text: str, link: Rewrite, public: Rewrite, form: str) -> str:
    """A page with other links: ``link`` for those in it, ``public`` for whole addresses in its head and data.

    ``form`` stands in the place of each form.
    """
    text = _FORM.sub(lambda _: form, text)
    text = _ATTRIBUTE.sub(lambda match: f"{match[1]}{escape(link(unescape(match[2])))}{match[3]}", text)
    text = _META.sub(lambda match: f"{match[1]}{escape(public(unescape(match[2])))}{match[3]}", text)

    def data(match: re.Match[str]) -> str:
        return match[1] + _STRING.sub(lambda found: f'"{public(found[1])}"', match[2]) + match[3]

    return _DATA.sub(data, text)


def rewrite_style(text: str, link: Rewrite) -> str:
    """A style sheet that loads from other addresses."""
    return _STYLE_URL.sub(
        lambda match: match[0] if match[2].startswith("data:") else f"{match[1]}{link(match[2])}{match[3]}", text
    )


def rewrite_map(text: str, public: Callable[[str], str | None]) -> str:
    """A site map with other addresses, and without those for which there is none."""

    def entry(match: re.Match[str]) -> str:
        found = _LOC.search(match[0])
        address = public(unescape(found[2].strip())) if found else None
        return "" if address is None else _LOC.sub(lambda loc: f"{loc[1]}{escape(address)}{loc[3]}", match[0])

    return _ENTRY.sub(entry, text)


def with_content(page: str, title: str, main: str) -> str:
    """A page of the site with another title and other content; ``main`` is HTML."""
    page = _DATA.sub("", page)
    page = _ROBOTS.sub(lambda match: f"{match[1]}{escape(title)}{match[2]}", page)
    page = _TITLE.sub(lambda match: f"{match[1]}{escape(title)}{match[2]}", page, count=1)
    page = _HERE.sub(lambda match: f"{match[1]}{escape(title)}{match[2]}", page)
    for content in _CONTENT:
        page, found = content.subn(lambda match: f"{match[1]}{main}{match[2]}", page, count=1)
        if found:
            break
    return page
