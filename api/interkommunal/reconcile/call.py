"""One request to the service and what is answered to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from interkommunal.reconcile.book import Book
from interkommunal.texts import Language
from interkommunal.web.exchange import Exchange
from interkommunal.web.problems import Header, bad_request

_JSON: Final = b"application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its exchange, its parameters, its language, and the release that it is about."""

    exchange: Exchange
    values: dict[str, str]
    language: Language
    book: Book


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: a body, its type, further header fields, and for the log what was done and how many."""

    body: bytes
    content_type: bytes = _JSON
    further: tuple[Header, ...] = ()
    form: str = "reconcile"
    number: int | None = None


def answer_json(value: dict[str, Any], form: str, number: int | None = None) -> Reply:
    """An answer in JSON."""
    return Reply(orjson.dumps(value), form=form, number=number)


def number_of(values: dict[str, str], name: str, most: int) -> int:
    """A parameter that is a number, 0 if it is not given; ``most`` 0 for no bound."""
    given = values.get(name, "").strip()
    if not given:
        return 0
    if not given.isascii() or not given.isdecimal() or len(given) > 9:
        raise bad_request(f"„{name}“ ist eine Zahl ab 0.", f"“{name}” is a number from 0 on.", parameter=name)
    return min(int(given), most) if most else int(given)
