"""How to cite a page: as text, BibTeX, CSL-JSON and RIS, always with version and day of the release.

The day is that of the version, not of the build; version and content hash say which state is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import orjson

PUBLISHER: Final = "interkommunal"


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited.

    Attributes:
        iri: canonical IRI. url: where this server shows it. title: of the page. language: of the title.
        version: of the release. released: its day (``2026-11-23``); empty if unknown.
        content_hash: of its statements; empty if unknown.
        text: the citation as a sentence.
    """

    iri: str
    url: str
    title: str
    language: str
    version: str
    released: str
    content_hash: str
    text: str

    @property
    def key(self) -> str:
        """Key for reference managers."""
        local = self.iri.rstrip("/#").replace("#", "/").rsplit("/", 2)[-2:]
        return re.sub(r"[^A-Za-z0-9]+", "-", "-".join([PUBLISHER, *local])).strip("-").lower()

    @property
    def note(self) -> str:
        """The exact state that is cited."""
        return f"content SHA-256 {self.content_hash}" if self.content_hash else ""


def bibtex(citation: Citation) -> bytes:
    """A BibTeX entry (biblatex reads ``@dataset`` and ``version`` as well)."""
    fields = {
        "title": citation.title,
        "author": "{" + PUBLISHER + "}",
        "publisher": PUBLISHER,
        "version": citation.version,
        "year": citation.released[:4],
        "date": citation.released,
        "url": citation.iri,
        "note": citation.note,
        "langid": {"de": "ngerman", "en": "british"}.get(citation.language, citation.language),
    }
    lines = [f"  {name:<9} = {{{_bibtex(value)}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation.key},", *lines, "}", ""]).encode("utf-8")


def csl_json(citation: Citation) -> bytes:
    """An item of the Citation Style Language, in a list as reference managers expect it."""
    item = {
        "id": citation.key,
        "type": "dataset",
        "title": citation.title,
        "author": [{"literal": PUBLISHER}],
        "publisher": PUBLISHER,
        "version": citation.version,
        "issued": {"date-parts": [[int(part) for part in citation.released.split("-")]]} if citation.released else None,
        "URL": citation.iri,
        "language": citation.language,
        "note": citation.note,
    }
    return orjson.dumps([{name: value for name, value in item.items() if value}], option=orjson.OPT_INDENT_2)


def ris(citation: Citation) -> bytes:
    """A RIS record; its lines end with CR and LF."""
    fields = [
        ("TY", "DATA"),
        ("TI", citation.title),
        ("AU", PUBLISHER),
        ("PB", PUBLISHER),
        ("PY", citation.released[:4]),
        ("DA", citation.released.replace("-", "/")),
        ("ET", citation.version),
        ("UR", citation.iri),
        ("L2", citation.url),
        ("LA", citation.language),
        ("N1", citation.note),
        ("ER", ""),
    ]
    kept = [f"{tag}  - {' '.join(value.split())}".rstrip(" ") for tag, value in fields if value or tag == "ER"]
    return ("\r\n".join(kept).replace("ER  -", "ER  - ") + "\r\n").encode("utf-8")


def _bibtex(value: str) -> str:
    if value.startswith("{"):
        return value
    escaped = re.sub(r"([&%$#_])", r"\\\1", value.replace("\\", "\\textbackslash{}"))
    return value if value.startswith(("http://", "https://")) else " ".join(escaped.split())


WRITERS: Final = {
    "bib": ("BibTeX", "application/x-bibtex", bibtex),
    "csl.json": ("CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
    "ris": ("RIS", "application/x-research-info-systems", ris),
}
