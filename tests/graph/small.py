"""A small content: one source of five lines, one editorial file, the least of an ontology, two derive queries."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from interkommunal.content import Content
from interkommunal.namespaces import PREFIXES

TEXT = """\
Bund der Städte

Essen und Herne haben 2010 den Vertrag geschlossen.
Essen lud ein, Essen zahlte.

Seite 1
"""

PASSAGES = """\
p:L001 {
    p:L001
        a ik:Passage ;
        oa:exact "Bund der Städte" ;
        ik:voice concept:voice-heading ;
        ik:status concept:status-asserted .

    cooperation:bund
        a ik:Cooperation ;
        schema:name "Bund der Städte"@de .
}

p:L003 {
    p:L003
        a ik:Passage ;
        oa:exact "Essen und Herne haben 2010 den Vertrag geschlossen." ;
        ik:voice concept:voice-page-text ;
        ik:status concept:status-asserted .

    agreement:vertrag
        a ik:Agreement ;
        dcterms:created "2010"^^xsd:gYear .

    city:essen
        a ik:City .
}

p:L004.1 {
    p:L004.1
        a ik:Passage ;
        oa:exact "Essen" ;
        oa:prefix "lud ein, " ;
        ik:voice concept:voice-page-text ;
        ik:status concept:status-asserted .

    city:essen
        schema:name "Essen"@de .
}
"""

IGNORED = """\
line,reason_de,reason_en
6,"Seitenzahl, keine Aussage","Page number, no statement"
"""

EDITORIAL = """\
graph:editorial {
    city:essen
        rdfs:label
            "Essen"@de,
            "Essen"@en .
}
"""

YEAR_QUERY = """\
#+ title: years
#+ title-de: Jahre
#+ summary: The year of a thing.
#+ summary-de: Das Jahr einer Sache.
CONSTRUCT { ?thing ik:year ?year }
WHERE { ?thing dcterms:created ?date BIND (xsd:integer(STR(?date)) AS ?year) }
"""

ONTOLOGY = """\
ik:City
    a owl:Class ;
    rdfs:label "Stadt"@de .

[]
    a owl:AllDisjointClasses ;
    owl:members ( ik:City ik:Agreement ) .
"""


def turtle(body: str) -> str:
    """``body`` below the declarations of all prefixes."""
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()) + f"\n{body}"


def sparql(body: str) -> str:
    """``body`` with the declarations of all prefixes behind its head comments."""
    declarations = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    head = [line for line in body.splitlines() if line.startswith("#+")]
    rest = [line for line in body.splitlines() if not line.startswith("#+")]
    return "\n".join(head) + "\n" + declarations + "\n".join(rest) + "\n"


# The first line of a body in a file that ``turtle`` made.
FIRST_LINE = len(PREFIXES) + 2


def source_description(text: str) -> str:
    """The description of the source with the checksum of ``text``."""
    return turtle(f"""\
source:grundlagen
    a foaf:Document ;
    rdfs:label
        "Bund"@de,
        "League"@en ;
    schema:sha256 "{sha256(text.encode()).hexdigest()}" .
""")


def write(content: Content, path: str, text: str) -> Path:
    """Write ``text`` into the file ``path`` below the content root."""
    target = content.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    return target


def make_content(root: Path) -> Content:
    """A complete small content below ``root``."""
    content = Content(root)
    source = "data/sources/grundlagen"
    write(content, f"{source}/text.txt", TEXT)
    write(content, f"{source}/source.ttl", source_description(TEXT))
    write(content, f"{source}/01-all.trig", turtle(PASSAGES))
    write(content, f"{source}/ignored.csv", IGNORED)
    write(content, "data/editorial/labels.trig", turtle(EDITORIAL))
    write(content, "queries/derive/10-year.rq", sparql(YEAR_QUERY))
    write(content, "ontology/interkommunal.ttl", turtle(ONTOLOGY))
    for name in ("concepts", "reused", "datatypes", "alignments"):
        write(content, f"ontology/{name}.ttl", turtle(""))
    write(content, "shapes/city.ttl", turtle('shape:City a sh:NodeShape ; sh:in ( "a" "b" ) .\n'))
    return content
