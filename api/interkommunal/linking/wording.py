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
HELP: Final = Text(
    "a annehmen · v verwerfen · o offene Frage · s später · b beenden; ein Grund darf folgen: v gleicher Name, anderer "
    "Ort",
    "a accept · r reject · o open question · s skip · q quit; a reason may follow: r a namesake",
)
PROMPT: Final = Text("a/v/o/s/b? ", "a/r/o/s/q? ")
OF: Final = Text("{} von {}", "{} of {}")
LEFT: Final = Text("Abgebrochen; was entschieden ist, ist gespeichert.", "Left; what was decided is written.")
STATES: Final = {
    "accepted": Text("angenommen", "accepted"),
    "rejected": Text("verworfen", "rejected"),
    "open": Text("offen", "open"),
    "skipped": Text("zurückgestellt", "skipped"),
}
WRITTEN: Final = Text("geschrieben: {}", "written: {}")
#: What a search tells: the columns of its table, what it found, and what it left out.
COLUMNS: Final = (
    Text("Sache", "thing"),
    Text("Eintrag", "item"),
    Text("Wert", "score"),
    Text("Begründung", "why"),
)
FOUND: Final = Text(
    "{} Sachen gesucht, {} Anfragen gestellt; neue Vorschläge: {}; weggelassen, weil nur gleichnamig oder zu "
    "unsicher: {}",
    "{} things looked for in {} requests: {} new candidates, {} namesakes and weak ones left out",
)
NOT_THE_SAME: Final = Text("{} ist nicht {}", "{} is not {}")

#: The words of the review page.
PAGE: Final = {
    "title": Text("Vorschläge für {name}", "Candidates for {name}"),
    "one": Text("Ein Vorschlag ist zu entscheiden.", "One to decide."),
    "several": Text("{number} Vorschläge sind zu entscheiden.", "{number} to decide."),
    "how": Text(
        "Wählen Sie aus und speichern Sie dann. Übernommen werden die Entscheidungen mit",
        "Choose, then save. Take the decisions over with",
    ),
    "decision": Text("Entscheidung", "Decision"),
    "a": Text("annehmen", "accept"),
    "r": Text("verwerfen", "reject"),
    "o": Text("offene Frage", "open question"),
    "reason": Text("Grund", "Reason"),
    "none": Text("Es gibt nichts zu entscheiden.", "Nothing to decide."),
    "save": Text("Entscheidungen speichern", "Save decisions"),
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
