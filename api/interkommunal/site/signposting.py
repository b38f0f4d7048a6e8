"""FAIR Signposting: what machines need to find their way, as ``Link`` header fields and as a link set.

Level 1 puts the links of a page into its header (RFC 8288); level 2 puts those of the page and of all its data files
into one document (RFC 9264). https://signposting.org/FAIR/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from interkommunal.site.schema_org import LICENCE

LINKSET_TYPE: Final = "application/linkset+json"
LINKSET_SUFFIX: Final = "linkset.json"


class TypedLink(NamedTuple):
    """One link: where it leads, what it means, what lies there."""

    target: str
    relation: str
    media_type: str = ""


class File(NamedTuple):
    """A file in which a thing is described: absolute URL, media type, and whether it is the data itself (TriG: every
    statement with its source) or a description.
    """

    url: str
    media_type: str
    is_content: bool = False


def page_links(iri: str, page: str, files: Sequence[File], types: Sequence[str], author: str) -> list[TypedLink]:
    """The links of a page.

    Args:
        iri: canonical IRI of the thing, by which it is to be cited.
        page: absolute URL of the page without format suffix.
        files: the descriptions in other formats.
        types: classes of the thing, as IRIs of schema.org.
        author: who answers for the page.
    """
    return [
        TypedLink(iri, "cite-as"),
        TypedLink(author, "author"),
        TypedLink(LICENCE, "license"),
        TypedLink("https://schema.org/AboutPage", "type"),
        *(TypedLink(item, "type") for item in types),
        *(TypedLink(item.url, "item" if item.is_content else "describedby", item.media_type) for item in files),
        *(TypedLink(item.url, "alternate", item.media_type) for item in files),
        TypedLink(f"{page}.{LINKSET_SUFFIX}", "linkset", LINKSET_TYPE),
    ]


def file_links(iri: str, page: str, file: File) -> list[TypedLink]:
    """The links of one file."""
    relation = "collection" if file.is_content else "describes"
    return [
        TypedLink(page, relation, "text/html"),
        TypedLink(iri, "cite-as"),
        TypedLink(LICENCE, "license"),
        TypedLink(f"{page}.{LINKSET_SUFFIX}", "linkset", LINKSET_TYPE),
    ]


def older(url: str, media_type: str) -> list[TypedLink]:
    """The link to the state of a thing before this one (RFC 5829, section 3.4); none if ``url`` is empty."""
    return [TypedLink(url, "predecessor-version", media_type)] if url else []


def header(links: Sequence[TypedLink]) -> bytes:
    """The value of a ``Link`` field."""
    parts = []
    for link in links:
        kind = f'; type="{link.media_type}"' if link.media_type else ""
        parts.append(f'<{link.target}>; rel="{link.relation}"{kind}')
    return ", ".join(parts).encode("ascii", "backslashreplace")


def linkset(page: str, links: Sequence[TypedLink], files: Mapping[str, Sequence[TypedLink]]) -> bytes:
    """The links of a page and of its files as one document."""
    contexts = [(page, links), *files.items()]
    own = f"{page}.{LINKSET_SUFFIX}"
    return orjson.dumps(
        {"linkset": [_context(anchor, [item for item in found if item.target != own]) for anchor, found in contexts]},
        option=orjson.OPT_INDENT_2,
    )


def _context(anchor: str, links: Sequence[TypedLink]) -> dict[str, Any]:
    context: dict[str, Any] = {"anchor": anchor}
    for link in links:
        target = {"href": link.target}
        if link.media_type:
            target["type"] = link.media_type
        context.setdefault(link.relation, []).append(target)
    return context
