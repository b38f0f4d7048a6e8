"""The formats of answers, and content negotiation: which of the things we can offer does the client like best?

One generic function for media types, :func:`choose`, and one for the two simple header fields, :func:`choose_token`
(``Accept-Encoding``, ``Accept-Language``). Both follow RFC 9110 §12: the most specific range decides about an offer,
the highest quality wins, ``q=0`` forbids, and among equals our own order decides. The media types are those of
``sparql.query.FORMATS``; here they get what HTTP and people need: the aliases that clients send, short names for
``format=``, and a suffix for files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, NamedTuple

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
from interkommunal.web.problems import conflicting

# Longest header field that is read; what comes after is ignored, so that nobody buys time with a long list.
_MAX_FIELD: Final = 4096
_MOST_REMEMBERED: Final = 512
_LONGEST_REMEMBERED: Final = 1024
_NUMBER: Final = re.compile(r"[0-9]{1,5}(\.[0-9]{0,5})?|\.[0-9]{1,5}")


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """Something that can be sent; each one exists once, and is compared by identity.

    Attributes:
        media_type: type and subtype in lower case, for example ``text/turtle``.
        aliases: other types under which clients ask for the same, for example ``application/json``.
        parameters: sent after the media type, for example ``; charset=utf-8``.
        suffix: of files, for example ``ttl``. label: for people. names: that ``format=`` understands besides.
        quality: of what we send in it, from 0 to 1; it counts as much as the client's own (RFC 9110 §12.1).
    """

    media_type: str
    aliases: tuple[str, ...] = ()
    parameters: str = ""
    suffix: str = ""
    label: str = ""
    names: tuple[str, ...] = ()
    quality: float = field(default=1.0, kw_only=True)

    @property
    def content_type(self) -> str:
        """Value of the ``Content-Type`` field."""
        return f"{self.media_type}{self.parameters}"

    @property
    def answers_to(self) -> tuple[str, ...]:
        """All that ``format=`` may call it."""
        return (*self.names, self.suffix, self.media_type, *self.aliases)


class MediaRange(NamedTuple):
    """One element of an ``Accept`` field: ``*/*``, ``text/*`` or a media type, with parameters and quality (0 to 1)."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    quality: float

    def match(self, offer: Format) -> int:
        """How specifically this range matches the offer: 0 not at all, 1 ``*/*``, 2 ``type/*``, 3 and more exactly."""
        # Everything we send is UTF-8. A profile is a wish that a server may pass over (JSON-LD 1.1 §C), and without
        # triple terms what we send is right by every version of RDF and SPARQL.
        for name, value in self.parameters:
            if name not in ("profile", "version") and not (name == "charset" and value in ("utf-8", "utf8")):
                return 0
        if self.type == "*":
            return 1
        if self.subtype == "*":
            return 2 if offer.media_type.startswith(f"{self.type}/") else 0
        name = f"{self.type}/{self.subtype}"
        if name == offer.media_type:
            return 4 + len(self.parameters)
        return 3 if name in offer.aliases else 0


def choose(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """The offer that the client likes best, or ``None`` if it likes none (406).

    Args:
        accept: value of the ``Accept`` field; several fields joined by a comma. ``None`` or empty: anything goes.
        offers: what we have, our favourite first.
    """
    accept = accept or ""
    # Clients send few different fields, and parsing one costs more than a look-up in the graph.
    return (_choose if len(accept) <= _LONGEST_REMEMBERED else _choose.__wrapped__)(accept, tuple(offers))


@lru_cache(maxsize=_MOST_REMEMBERED)
def _choose(accept: str, offers: tuple[Format, ...]) -> Format | None:
    ranges = list(parse_accept(accept))
    if not ranges:
        return offers[0] if offers else None
    best, best_quality = None, 0.0
    for offer in offers:
        specificity, quality = max(((item.match(offer), item.quality) for item in ranges), default=(0, 0.0))
        if specificity and quality * offer.quality > best_quality:
            best, best_quality = offer, quality * offer.quality
    return best


def parse_accept(field: str) -> Iterator[MediaRange]:
    """The ranges of an ``Accept`` field. What is malformed is passed over (RFC 9110 §5.5: be strict when sending)."""
    for element in _split(field[:_MAX_FIELD], ","):
        name, *parameters = _split(element, ";") or [""]
        kind, slash, subtype = name.lower().partition("/")
        if name == "*":  # sent by old Java clients
            kind, slash, subtype = "*", "/", "*"
        if not slash or not kind or not subtype or (kind == "*" and subtype != "*"):
            continue
        quality, others = 1.0, []
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            key, value = key.strip().lower(), value.strip().strip('"').lower()
            if key == "q":
                quality = _quality(value)
                break  # what follows q belongs to the field, not to the media type
            others.append((key, value))
        yield MediaRange(kind, subtype.strip(), tuple(others), quality)


def choose_token(field: str | None, offers: Sequence[str], *, prefixes: bool = False) -> str | None:
    """The offered token that the client likes best, or ``None`` if it names none of them.

    Args:
        field: value of ``Accept-Encoding`` or ``Accept-Language``, or ``None``.
        offers: what we have in lower case, our favourite first.
        prefixes: whether ``de-AT`` asks for ``de`` (basic filtering of languages, RFC 4647 §3.3.1).
    """
    qualities: dict[str, float] = {}
    for element in _split((field or "")[:_MAX_FIELD], ","):
        token, *parameters = _split(element.lower(), ";") or [""]
        quality = next((_quality(item[2:].strip()) for item in parameters if item.startswith("q=")), 1.0)
        if prefixes:
            token = token.partition("-")[0]
        qualities[token] = max(quality, qualities.get(token, 0.0))
    default = qualities.get("*", 0.0)
    best, best_quality = None, 0.0
    for offer in offers:
        quality = qualities.get(offer, default)
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def _quality(value: str) -> float:
    return min(float(value), 1.0) if _NUMBER.fullmatch(value) else 0.0


def _split(text: str, separator: str) -> list[str]:
    """Parts of ``text`` without surrounding white space; a separator inside a quoted string does not separate."""
    parts = text.split(separator)
    if '"' in text:
        parts = re.findall(rf'(?:[^"{separator}]|"(?:\\.|[^"\\])*+(?:"|\\?\Z))++', text)
    return [part for part in map(str.strip, parts) if part]


HTML: Final = Format("text/html", ("application/xhtml+xml",), "; charset=utf-8", "html", "HTML")

_UTF_8: Final = "; charset=utf-8"
_JSON: Final = ("application/json", "text/json")
_XML: Final = ("application/xml", "text/xml")
_OLD_TURTLE: Final = ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/rdf+n3")
# ``text/plain`` and the short names json and xml mean the nearest thing among what the query form offers.
_FORMATS: Final = {
    item.media_type: item
    for item in (
        Format(
            RESULTS_JSON,
            (*_JSON, "application/javascript", "text/javascript"),
            suffix="json",
            label="JSON",
            names=("srj", "sparql-results+json"),
        ),
        Format(RESULTS_XML, _XML, suffix="xml", label="XML", names=("srx", "sparql-results+xml")),
        # RFC 4180 §3 knows both parameters; header=present is what SPARQL 1.1 CSV §3 sends.
        Format(CSV, (), f"{_UTF_8}; header=present", "csv", "CSV"),
        Format(TSV, ("text/plain",), _UTF_8, "tsv", "TSV"),
        Format(TURTLE, _OLD_TURTLE, _UTF_8, "ttl", "Turtle", ("turtle", "n3")),
        Format(N_TRIPLES, ("text/plain",), "", "nt", "N-Triples", ("ntriples", "n-triples")),
        Format(N_QUADS, ("text/x-nquads",), "", "nq", "N-Quads", ("nquads", "n-quads")),
        Format(TRIG, ("application/x-trig",), "", "trig", "TriG"),
        Format(RDF_XML, _XML, "", "rdf", "RDF/XML", ("rdfxml", "rdf-xml", "rdf+xml", "xml")),
        Format(JSON_LD, (*_JSON, "application/x-json+ld"), "", "jsonld", "JSON-LD", ("json-ld", "json")),
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
