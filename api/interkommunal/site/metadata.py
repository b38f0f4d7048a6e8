"""What machines read of a page: schema.org as a JSON-LD data block, FAIR Signposting, and citations.

The data block is made from the statements of the page and no more. Level 1 of Signposting puts the links of a page into
its header (RFC 8288); level 2 puts those of the page and of all its data files into one document (RFC 9264).
https://signposting.org/FAIR/ A citation is written as BibTeX, RIS or CSL-JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson
from pyoxigraph import Literal

from interkommunal.namespaces import BASE, IK, expand
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.page import Page
from interkommunal.site.frame import Frame

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


LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"

_TYPES: Final = {
    f"{IK}City": "City",
    f"{IK}Forum": "Event",
    f"{IK}Cooperation": "Organization",
    f"{IK}Initiative": "Project",
    f"{IK}JointProject": "Project",
    f"{IK}FundingProgramme": "Project",
    f"{IK}Agreement": "CreativeWork",
    f"{IK}AgreementText": "CreativeWork",
    f"{IK}Publication": "CreativeWork",
    expand("schema:Event"): "Event",
    expand("schema:EventSeries"): "EventSeries",
    expand("schema:Book"): "Book",
    expand("schema:Movie"): "Movie",
    expand("schema:CreativeWork"): "CreativeWork",
    expand("schema:WebSite"): "WebSite",
    expand("schema:WebPage"): "WebPage",
    expand("schema:Place"): "Place",
    expand("schema:AdministrativeArea"): "AdministrativeArea",
    expand("cv:PublicOrganisation"): "GovernmentOrganization",
    expand("org:OrganizationalUnit"): "Organization",
    expand("foaf:Document"): "CreativeWork",
    expand("skos:Concept"): "DefinedTerm",
    expand("skos:ConceptScheme"): "DefinedTermSet",
}
# Properties of schema.org that our graph uses itself, and others that say the same there.
_TEXTS: Final = {"schema:alternateName": "alternateName", "schema:slogan": "slogan", "schema:legalName": "legalName"}
_DATES: Final = {
    "schema:startDate": "startDate",
    "schema:foundingDate": "foundingDate",
    "schema:dateCreated": "dateCreated",
    "dcterms:created": "dateCreated",
    "dcterms:date": "dateCreated",
}
_LINKS: Final = {
    "schema:location": "location",
    "schema:organizer": "organizer",
    "schema:superEvent": "superEvent",
    "schema:isPartOf": "isPartOf",
    "schema:containedInPlace": "containedInPlace",
    "org:memberOf": "memberOf",
    "org:unitOf": "parentOrganization",
    "skos:inScheme": "inDefinedTermSet",
}
_PARTS: Final = {"schema:isPartOf": "hasPart", "schema:superEvent": "subEvent", "org:memberOf": "member"}
_EXACT: Final = frozenset((expand("xsd:date"), expand("xsd:gYear")))


def structured(page: Page, context: EntityContext, frame: Frame) -> str:
    """The data block of a page, safe inside a ``script`` element."""
    url = frame.url(frame.language)
    document = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": url,
        "url": url,
        "name": page.title.text,
        "description": page.sentence,
        "inLanguage": frame.language,
        "license": LICENCE,
        "isPartOf": {
            "@type": "Dataset",
            "@id": f"{BASE}dataset/graph",
            "name": "interkommunal",
            "description": frame.say(
                "An open knowledge graph of the city cooperation Integration.Interkommunal in the Ruhr area. "
                "Every statement shows the sentence it was read from, and every discrepancy is laid open."
            ),
            "version": context.release_view.identifier,
            "license": LICENCE,
            "url": frame.site.absolute("/"),
        },
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": number,
                    "name": crumb.text,
                    **({"item": f"{frame.site.url}{crumb.href.removeprefix(frame.site.prefix)}"} if crumb.href else {}),
                }
                for number, crumb in enumerate(page.crumbs, 1)
            ],
        },
        "mainEntity": _thing(page, context),
    }
    return embedded(document)


def embedded(document: Any) -> str:
    """JSON that cannot end the element it stands in."""
    text = orjson.dumps(document).decode("utf-8")
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def schema_type(iri: str, context: EntityContext) -> str:
    """The class of schema.org that fits a thing best."""
    return next((_TYPES[item] for item in context.types(iri) if item in _TYPES), "Thing")


def _thing(page: Page, context: EntityContext) -> dict[str, Any]:
    statements, iri = context.statements, context.iri
    thing: dict[str, Any] = {
        "@type": schema_type(iri, context),
        "@id": iri,
        "name": page.title.text,
        "description": page.sentence,
    }
    for property_, name in _TEXTS.items():
        texts = [item.value for item in statements.literals(iri, expand(property_))]
        if texts:
            thing[name] = texts if len(texts) > 1 else texts[0]
    for property_, name in _DATES.items():
        days = [item.value for item in statements.literals(iri, expand(property_)) if _is_exact(item)]
        if days and name not in thing:
            thing[name] = max(days, key=len)
    for property_, name in _LINKS.items():
        links = [_reference(item, context) for item in statements.resources(iri, expand(property_))]
        if links:
            thing[name] = links if len(links) > 1 else links[0]
    for property_, name in _PARTS.items():
        parts = [_reference(item, context) for item in statements.pointing(iri, expand(property_))]
        if parts:
            thing[name] = parts
    same = [item for item in statements.resources(iri, expand("skos:exactMatch")) if item.startswith("http")]
    if same:
        thing["sameAs"] = same
    return thing


def _reference(iri: str, context: EntityContext) -> dict[str, str]:
    return {"@type": schema_type(iri, context), "@id": iri, "name": context.name(iri).text}


def _is_exact(literal: Literal) -> bool:
    return literal.datatype.value in _EXACT


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
