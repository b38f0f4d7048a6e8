"""Content negotiation: which of the things we can offer does the client like best?

One generic function for media types, :func:`choose`, and one for the two simple header fields, :func:`choose_token`
(``Accept-Encoding``, ``Accept-Language``). Both follow RFC 9110 §12: the most specific range decides about an offer,
the highest quality wins, ``q=0`` forbids, and among equals our own order decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeVar

# Longest header field that is read; what comes after is ignored, so that nobody buys time with a long list.
_MAX_FIELD: Final = 4096
_MOST_REMEMBERED: Final = 512
_LONGEST_REMEMBERED: Final = 1024
_NUMBER: Final = re.compile(r"[0-9]{1,5}(\.[0-9]{0,5})?|\.[0-9]{1,5}")


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """Something that can be sent; each one exists once, and is compared by identity.

    Attributes:
        media_type: type and subtype in lower case, for example ``text/turtle``.
        aliases: other types under which clients ask for the same, for example ``application/json``.
        parameters: sent after the media type, for example ``; charset=utf-8``.
        quality: of what we send in it, from 0 to 1; it counts as much as the client's own (RFC 9110 §12.1).
    """

    media_type: str
    aliases: tuple[str, ...] = ()
    parameters: str = ""
    quality: float = field(default=1.0, kw_only=True)

    @property
    def content_type(self) -> str:
        """Value of the ``Content-Type`` field."""
        return f"{self.media_type}{self.parameters}"


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an ``Accept`` field: ``*/*``, ``text/*`` or a media type, with parameters and quality (0 to 1)."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    quality: float

    def match(self, offer: Offer) -> int:
        """How specifically this range matches the offer: 0 not at all, 1 ``*/*``, 2 ``type/*``, 3 and more exactly."""
        if not self._parameters_fit():
            return 0
        if self.type == "*":
            return 1
        if self.subtype == "*":
            prefix = f"{self.type}/"
            return 2 if offer.media_type.startswith(prefix) else 0
        name = f"{self.type}/{self.subtype}"
        if name == offer.media_type:
            return 4 + len(self.parameters)
        return 3 if name in offer.aliases else 0

    def _parameters_fit(self) -> bool:
        # Everything we send is UTF-8. A profile is a wish that a server may pass over (JSON-LD 1.1 §C), and without
        # triple terms what we send is right by every version of RDF and SPARQL.
        return all(
            value in ("utf-8", "utf8") if name == "charset" else name in ("profile", "version")
            for name, value in self.parameters
        )


OfferT = TypeVar("OfferT", bound=Offer)


def choose(accept: str | None, offers: Sequence[OfferT]) -> OfferT | None:
    """The offer that the client likes best, or ``None`` if it likes none (406).

    Args:
        accept: value of the ``Accept`` field; several fields joined by a comma. ``None`` or empty: anything goes.
        offers: what we have, our favourite first.
    """
    accept = accept or ""
    # Clients send few different fields, and parsing one costs more than a look-up in the graph.
    if len(accept) <= _LONGEST_REMEMBERED:
        return _remembered(accept, tuple(offers))  # type: ignore[return-value]
    return _choose(accept, offers)


def _choose(accept: str, offers: Sequence[OfferT]) -> OfferT | None:
    ranges = list(parse_accept(accept))
    if not ranges:
        return offers[0] if offers else None
    best, best_quality = None, 0.0
    for offer in offers:
        specificity, quality = max(((item.match(offer), item.quality) for item in ranges), default=(0, 0.0))
        if specificity and quality * offer.quality > best_quality:
            best, best_quality = offer, quality * offer.quality
    return best


@lru_cache(maxsize=_MOST_REMEMBERED)
def _remembered(accept: str, offers: tuple[Offer, ...]) -> Offer | None:
    return _choose(accept, offers)


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
    if '"' not in text:
        return [part for part in (item.strip() for item in text.split(separator)) if part]
    parts, part, quoted, escaped = [], "", False, False
    for character in text:
        if character == separator and not quoted:
            parts.append(part.strip())
            part = ""
            continue
        if character == '"' and not escaped:
            quoted = not quoted
        escaped = quoted and character == "\\" and not escaped
        part += character
    parts.append(part.strip())
    return [item for item in parts if item]
