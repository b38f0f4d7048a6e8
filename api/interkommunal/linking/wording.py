"""What the search for links and the review of candidates say, in German and English.

Reasons stand in the mapping sets in English, as they go out into the world. :func:`reasons_in` gives those that the
search writes down in German; what a person wrote stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

from interkommunal.texts import Language, Text

#: What people type, and the answer that it stands for, by which decisions are written down. In German r is none: it
#: might be meant for right as well as for reject.
LETTERS: Final[dict[Language, dict[str, str]]] = {
    "de": {"a": "a", "v": "r", "o": "o", "s": "s", "b": "q", "q": "q"},
    "en": {letter: letter for letter in "arosq"},
}
HELP: Final = Text("a accept · r reject · o open question · s skip · q quit; a reason may follow: r a namesake")
PROMPT: Final = Text("a/r/o/s/q? ")
OF: Final = Text("{} of {}")
LEFT: Final = Text("Left; what was decided is written.")
STATES: Final = {
    "accepted": Text("accepted"),
    "rejected": Text("rejected"),
    "open": Text("open"),
    "skipped": Text("skipped"),
}
WRITTEN: Final = Text("written: {}")
#: What a search tells: the columns of its table, what it found, and what it left out.
COLUMNS: Final = (
    Text("thing"),
    Text("item"),
    Text("score"),
    Text("why"),
)
FOUND: Final = Text("{} things looked for in {} requests: {} new candidates, {} namesakes and weak ones left out")
NOT_THE_SAME: Final = Text("{} is not {}")

#: The words of the review page.
PAGE: Final = {
    "title": Text("Candidates for {name}"),
    "one": Text("One to decide."),
    "several": Text("{number} to decide."),
    "how": Text("Choose, then save. Take the decisions over with"),
    "decision": Text("Decision"),
    "a": Text("accept"),
    "r": Text("reject"),
    "o": Text("open question"),
    "reason": Text("Reason"),
    "none": Text("Nothing to decide."),
    "save": Text("Save decisions"),
}

_KEYS: Final = {
    "municipality key": "Gemeindeschlüssel",
    "district key": "Kreisschlüssel",
    "regional key": "Regionalschlüssel",
    "GND number": "GND-Nummer",
}
_KEY: Final = f"({'|'.join(_KEYS)})"
_REASONS: Final = tuple(
    (re.compile(pattern), german)
    for pattern, german in (
        (rf"{_KEY} (\S+) agrees", "{0} {1} stimmt überein"),
        (r"name “(.*)” agrees", "Name „{0}“ stimmt überein"),
        (r"alias “(.*)” agrees", "weiterer Name „{0}“ stimmt überein"),
        (r"kind agrees", "Art stimmt überein"),
        (r"([\d.]+) km apart", "{0} km auseinander"),
        (r"lies in North Rhine-Westphalia", "liegt in Nordrhein-Westfalen"),
        (r"it lies outside North Rhine-Westphalia", "liegt außerhalb von Nordrhein-Westfalen"),
        (r"year (\S+) agrees", "Jahr {0} stimmt überein"),
        (rf"its {_KEY} is (.*), not (\S+)", "{0} dort ist {1}, nicht {2}"),
        (r"it ended in (\S+)", "endete {0}"),
        (r"(\S+), which is (\S+), has (P\d+) (.*)", "{0}, der Eintrag zu {1}, hat {2} {3}"),
    )
)


def taken_over(number: int, language: Language) -> str:
    """How many decisions of a page were taken over."""
    if language == "de":
        return "Eine Entscheidung übernommen" if number == 1 else f"{number} Entscheidungen übernommen"
    return "1 decision taken over" if number == 1 else f"{number} decisions taken over"


def decimal(value: str, language: Language) -> str:
    """A number as it is written in a language."""
    return value.replace(".", ",") if language == "de" else value


def reasons_in(comment: str, language: Language) -> str:
    """Why a candidate is one, as the search wrote it down; parts that it did not write stay as they are."""
    return comment if language == "en" else "; ".join(map(_reason, comment.split("; ")))


def _reason(reason: str) -> str:
    but = "aber " if reason.startswith("but ") else ""
    for pattern, german in _REASONS:
        found = pattern.fullmatch(reason.removeprefix("but "))
        if found is not None:
            parts = [_KEYS.get(part, part) for part in found.groups()]
            if german.endswith("km auseinander"):
                parts = [decimal(part, "de") for part in parts]
            return but + german.format(*parts)
    return reason
