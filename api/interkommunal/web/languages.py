"""Which language a request gets: ``lang=``, then the cookie, then ``Accept-Language``."""

from __future__ import annotations

import re
from typing import Final

from interkommunal.texts import LANGUAGES, Language
from interkommunal.web.negotiation import choose_token
from interkommunal.web.problems import Header

COOKIE: Final = "lang"


def choose_language(wish: str | None, accept_language: str | None, default: Language) -> Language:
    """The language of an answer for people.

    Args:
        wish: value of ``lang=`` in the URL, which comes first; one that we do not have is passed over.
        accept_language: value of the ``Accept-Language`` field.
        default: for whoever prefers neither.
    """
    for language in LANGUAGES:
        if wish == language:
            return language
    offers = (default, *(item for item in LANGUAGES if item != default))
    chosen = choose_token(accept_language, offers, prefixes=True)
    return default if chosen is None else "de" if chosen == "de" else "en"


def chosen_before(cookie: str | None) -> str | None:
    """The language that a ``Cookie`` field remembers."""
    found = re.search(rf"(?:^|;\s*){COOKIE}=(de|en)(?:;|$)", cookie or "")
    return found[1] if found else None


def language_cookie(language: Language, prefix: str) -> Header:
    """The only cookie: it remembers the language that a visitor chose."""
    value = f"{COOKIE}={language}; Path={prefix}/; Max-Age=31536000; SameSite=Lax; HttpOnly"
    return (b"set-cookie", value.encode())
