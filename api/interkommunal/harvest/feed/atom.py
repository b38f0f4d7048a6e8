"""The change table for people who read feeds: Atom (RFC 4287), an entry for each release that came into force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from interkommunal.harvest.feed.reading import KINDS, Changed, changed
from interkommunal.harvest.feed.stream import Stream
from interkommunal.release.history import Kind, Publication
from interkommunal.site.site import Site
from interkommunal.texts import LANGUAGES, Language, Text

PATH: Final = "/feed.atom"
MEDIA_TYPE: Final = "application/atom+xml"
# Readers keep what they have seen; the whole past is in the feed for programs.
_ENTRIES: Final = 50
# So many things are named in an entry; the page has them all.
_NAMED: Final = 40

_TITLE: Final = Text("interkommunal: changes to the knowledge graph")
_SUBTITLE: Final = Text("What each release created, changed or deleted.")


def atom(stream: Stream, site: Site, language: Language, operator: str | None) -> bytes:
    """The feed in a language.

    Args:
        stream: the view of the graph.
        site: where links lead.
        language: of the words.
        operator: who publishes; the project if not stated.
    """
    publications = stream.history.publications
    counts = stream.history.counts(stream.view)

    def address(path: str, tag: Language) -> str:
        return quoteattr(f"{site.absolute(path)}?lang={tag}")

    entries = [_entry(stream, item, counts.get(item.number, {}), site, language) for item in publications[-_ENTRIES:]]
    others = [
        f'<link rel="alternate" type="{MEDIA_TYPE}" hreflang="{other}" href={address(PATH, other)}/>\n'
        for other in LANGUAGES
        if other != language
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
        f"<id>{_urn(stream, language)}</id>\n"
        f"<title>{escape(_TITLE.in_(language))}</title>\n"
        f"<subtitle>{escape(_SUBTITLE.in_(language))}</subtitle>\n"
        f"<updated>{publications[-1].time if publications else '1970-01-01T00:00:00.000Z'}</updated>\n"
        f"<author><name>{escape(operator or 'interkommunal')}</name></author>\n"
        f'<link rel="self" type="{MEDIA_TYPE}" href={address(PATH, language)}/>\n'
        f'<link rel="alternate" type="text/html" hreflang="{language}" href={address(stream.path, language)}/>\n'
        f"{''.join(others)}"
        f'<link rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/"/>\n'
        f"{''.join(reversed(entries))}</feed>\n"
    ).encode()


def _entry(stream: Stream, publication: Publication, counts: Mapping[Kind, int], site: Site, language: Language) -> str:
    rows: Sequence[Changed] = ()
    if span := stream.history.span(stream.view, publication):
        first, last = span
        entries = stream.history.entries(stream.view, first, min(last, first + _NAMED - 1))
        rows = changed(stream, entries, site, language)
    items = "".join(f"<li>{_item(row, site, language)}</li>" for row in rows)
    if more := sum(counts.values()) - len(rows):
        items += f"<li>{escape(Text('and {total} more', total=more).in_(language))}</li>"
    page = f"{site.absolute(stream.base)}/publications/{publication.number}"
    summary = counted(counts, language)
    body = f"<p>{escape(summary)}</p>" + (f"<ul>{items}</ul>" if items else "")
    title = Text("Release {release}", release=publication.release).in_(language)
    return (
        "<entry>\n"
        f"<id>{_urn(stream, language, publication.number)}</id>\n"
        f"<title>{escape(f'{title}: {summary}')}</title>\n"
        f"<published>{publication.time}</published>\n<updated>{publication.time}</updated>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>\n'
        f'<content type="html">{escape(body)}</content>\n'
        "</entry>\n"
    )


def counted(counts: Mapping[Kind, int], language: Language) -> str:
    """How many things a release created, changed and deleted, in words."""
    parts = [f"{counts[kind]} {words.in_(language)}" for kind, words in KINDS.items() if counts.get(kind)]
    return ", ".join(parts) or Text("The content did not change.").in_(language)


def _item(row: Changed, site: Site, language: Language) -> str:
    name, kind = escape(row.name), escape(KINDS[row.kind].in_(language))
    if row.href is None:
        return f"{name} ({kind})"
    # Links are addresses below the host; readers need them whole.
    href = f"{site.url}{row.href.removeprefix(site.prefix)}" if row.href.startswith("/") else row.href
    return f"<a href={quoteattr(href)}>{name}</a> ({kind})"


def _urn(stream: Stream, language: Language, number: int | None = None) -> str:
    # By the table, not by the address: the same entry stays the same when the server moves.
    named = f"https://w3id.org/interkommunal/feed/{stream.history.stream}/{stream.view}/{language}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, named if number is None else f'{named}/{number}')}"
