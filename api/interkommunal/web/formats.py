"""The formats of answers: names, aliases, content types, and what each query form can be answered in.

The media types themselves are those of ``sparql.query.FORMATS``; here they get what HTTP and people need:
the aliases that clients send, short names for ``format=``, and a suffix for files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from interkommunal.sparql.query import (
    CSV,
    FORMATS,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    Form,
)
from interkommunal.web.negotiation import Offer, choose
from interkommunal.web.parameters import conflicting


@dataclass(frozen=True, slots=True, eq=False)
class Format(Offer):
    """An offer with a suffix for files (``ttl``), a label for people, and the names that ``format=`` understands."""

    suffix: str = ""
    label: str = ""
    names: tuple[str, ...] = ()

    @property
    def answers_to(self) -> tuple[str, ...]:
        """All that ``format=`` may call it."""
        return (*self.names, self.suffix, self.media_type, *self.aliases)


HTML: Final = Format("text/html", ("application/xhtml+xml",), "; charset=utf-8", "html", "HTML", ("html",))

# ``text/plain`` and the short names json and xml mean the nearest thing among what the query form offers.
_FORMATS: Final = {
    item.media_type: item
    for item in (
        Format(
            RESULTS_JSON,
            ("application/json", "text/json", "application/javascript", "text/javascript"),
            suffix="json",
            label="JSON",
            names=("json", "srj", "sparql-results+json"),
        ),
        Format(
            RESULTS_XML,
            ("application/xml", "text/xml"),
            suffix="xml",
            label="XML",
            names=("xml", "srx", "sparql-results+xml"),
        ),
        # RFC 4180 §3 knows both parameters; header=present is what SPARQL 1.1 CSV §3 sends.
        Format(CSV, (), "; charset=utf-8; header=present", "csv", "CSV", ("csv",)),
        Format(TSV, ("text/plain",), "; charset=utf-8", "tsv", "TSV", ("tsv",)),
        Format(
            TURTLE,
            ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/rdf+n3"),
            "; charset=utf-8",
            "ttl",
            "Turtle",
            ("turtle", "ttl", "n3"),
        ),
        Format(N_TRIPLES, ("text/plain",), "", "nt", "N-Triples", ("nt", "ntriples", "n-triples")),
        Format(N_QUADS, ("text/x-nquads",), "", "nq", "N-Quads", ("nq", "nquads", "n-quads")),
        Format(TRIG, ("application/x-trig",), "", "trig", "TriG", ("trig",)),
        Format(
            RDF_XML,
            ("application/xml", "text/xml"),
            "",
            "rdf",
            "RDF/XML",
            ("rdf", "rdfxml", "rdf-xml", "rdf+xml", "xml"),
        ),
        Format(
            JSON_LD,
            ("application/json", "text/json", "application/x-json+ld"),
            "",
            "jsonld",
            "JSON-LD",
            ("jsonld", "json-ld", "json"),
        ),
    )
}

# By query form, the default first. A page for people comes last: only who asks for it gets it.
OFFERS: Final[dict[Form, tuple[Format, ...]]] = {
    form: (*(_FORMATS[name] for name in names), HTML) for form, names in FORMATS.items()
}


def rather_triples(offers: Sequence[Format]) -> tuple[Format, ...]:
    """The offers of a document, with those that name graphs at a lower quality.

    In TriG and N-Quads each statement stands in the graph of its passage, and the default graph is empty: a client that
    accepts quads first and asks the default graph, as Comunica does, would find nothing. A little over one half leaves
    them to clients that name nothing else but ``*/*;q=0.5``.
    """
    return tuple(replace(offer, quality=0.55) if offer.media_type in (TRIG, N_QUADS) else offer for offer in offers)


def named(names: str, offers: Sequence[Format], accept: str = "") -> Format | None:
    """The offer that ``format=`` asks for, or ``None`` if there is none.

    Args:
        names: short names, suffixes or media types, with commas between them; what no offer answers to is passed over.
        offers: what there is.
        accept: the field ``Accept``, which decides between several offers.

    Raises:
        RequestProblem: 400 if it does not decide.
    """
    # A plus sign that nobody encoded arrives as a space.
    wanted = {name.partition(";")[0].strip().lower().replace(" ", "+") for name in names.split(",")}
    # Each name means one offer, the first that answers to it: json is JSON-LD only where there is no other JSON.
    found = {next((offer for offer in offers if name in offer.answers_to), None) for name in wanted} - {None}
    meant = [offer for offer in offers if offer in found]
    if len(meant) > 1:
        chosen = choose(accept, meant)
        if chosen is None or choose(accept, meant[::-1]) is not chosen:
            raise conflicting("format")
        return chosen
    return meant[0] if meant else None
