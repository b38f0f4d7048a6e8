"""A comparison as one file that can be mailed and opened anywhere: the page of the server with its style inside.

What a member of a feed looks like, in SHACL; the streams name it, so that clients need no other host.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Final

from pyoxigraph import NamedNode, Triple

from interkommunal.graph.terms import integer, named
from interkommunal.harvest.feed.reading import compared
from interkommunal.harvest.feed.releases import counted
from interkommunal.release.comparison import Comparison
from interkommunal.release.descriptions import Value, described
from interkommunal.site import overviews
from interkommunal.site.frame import Design, Frame, Operator
from interkommunal.site.site import Site
from interkommunal.texts import Label, Language, Text

PATH: Final = "/feed/shape"
# Property, what its values are, and whether there is exactly one.
_PROPERTIES: Final = (
    ("type", "rdf:type", ("nodeKind", "sh:IRI"), True),
    ("object", "as:object", ("nodeKind", "sh:IRI"), True),
    ("published", "as:published", ("datatype", "xsd:dateTime"), True),
    ("position", "schema:position", ("datatype", "xsd:integer"), True),
    ("context", "as:context", ("nodeKind", "sh:IRI"), True),
    ("source", "dcterms:source", ("nodeKind", "sh:IRI"), False),
)


def shape(address: str) -> list[Triple]:
    """The shape of members, for a server at this public URL."""
    iri = f"{address}{PATH}"
    label = Label(de="Änderung", en="Change")
    parts = [NamedNode(f"{iri}#{name}") for name, *_ in _PROPERTIES]
    triples = [*described(iri, ["sh:NodeShape"], {"rdfs:label": [label], "sh:property": parts})]
    for part, (_, path, (kind, value), is_single) in zip(parts, _PROPERTIES, strict=True):
        bounds = ("sh:minCount", "sh:maxCount") if is_single else ()
        about: dict[str, list[Value]] = {"sh:path": [named(path)], f"sh:{kind}": [named(value)]}
        about |= {bound: [integer(1)] for bound in bounds}
        triples += described(part.value, ["sh:PropertyShape"], about)
    return triples


_LOADED: Final = re.compile(r'<(?:link rel="(?:stylesheet|icon|preload)"|script type="module")[^>]*>(?:</script>)?\n?')
_STYLESHEET: Final = re.compile(r'<link rel="stylesheet" href="[^"]*/([\w.-]+\.css)">')
# A font that lies elsewhere is not loaded from a file; the next in the list stands in.
_FONT: Final = re.compile(r"@font-face\s*{[^}]*}")


def document(comparison: Comparison, address: str, language: Language) -> bytes:
    """The page of all changes between two releases.

    Args:
        comparison: the releases and their difference.
        address: public URL of a server, to which links lead.
        language: of the words.
    """
    site, design = Site(address), Design()
    design.add(Path(overviews.__file__).parent)
    design.add(Path(__file__).parent)
    total = len(comparison.changes)
    page = design.render(
        "changes.html",
        Frame(language, site, comparison.new, Operator(), "", (), design.path),
        site=SimpleNamespace(address=lambda path, _=None: site.address(path), site=site),
        rows=compared(comparison, 0, total, site, language),
        total=total,
        page=1,
        pages=1,
        path="",
        title=f"{comparison.old.identifier} → {comparison.new.identifier}",
        lead=counted(comparison.removed, comparison.added, language),
        crumb=("/release", Text("Releases").in_(language)),
        patch=None,
    ).decode()
    style = "\n".join(design.files[name].decode() for name in _STYLESHEET.findall(page))
    page = _LOADED.sub("", page).replace("</head>", f"<style>\n{_FONT.sub('', style)}</style>\n</head>", 1)
    page = page.replace(f'href="{site.prefix}/', f'href="{site.url}/').replace(
        f'action="{site.prefix}/', f'action="{site.url}/'
    )
    return page.encode()
