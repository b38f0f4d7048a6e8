"""The catalogues of texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interkommunal.graph.library import read_library
from interkommunal.texts import LANGUAGES, Text, read_catalogue, said
from interkommunal.translator import translator

LIBRARY = Path(__file__).resolve().parent.parent / "queries" / "library"

MESSAGES = sorted(set(said()))


# Numbers that one form needs not, and what system and libraries say in English.
LEFT_OUT = {"n", "figure", "strerror", "error"}


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)", text))


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_message_is_worded_with_the_same_places(language: str) -> None:
    catalogue = read_catalogue(language)
    missing, wrong = [], []
    for forms in MESSAGES:
        found = catalogue.get(forms[0])
        string = found.string if found else ""
        worded = [form or "" for form in (string if isinstance(string, tuple | list) else [string])]
        if len(worded) != len(forms) or not all(worded):
            missing.append(forms)
        else:
            wrong += [
                form
                for form, said_so in zip(worded, forms, strict=True)
                if not places(form) ^ places(said_so) <= LEFT_OUT
            ]

    assert missing == [], "run: python -m interkommunal.texts"
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_holds_nothing_that_is_no_longer_said(language: str) -> None:
    known = {forms[0] for forms in MESSAGES}
    kept = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in read_catalogue(language)
        if not message.context
    }

    assert kept - known - {""} == set()


def test_names_from_the_data_are_worded_in_each_language() -> None:
    named = [{(item.context, item.id) for item in read_catalogue(language) if item.context} for language in LANGUAGES]

    assert named[0]
    assert all(item == named[0] for item in named)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_the_library_has_a_heading(language: str) -> None:
    known = {message.id for message in read_catalogue(language) if message.context == "column"}
    columns = {column.removesuffix("_label") for query in read_library(LIBRARY) for column in query.columns}

    assert sorted(columns - known) == []


def test_text_is_worded_when_the_language_is_known() -> None:
    text = Text("Nothing is recorded at this address: {path}", path="/x")

    assert text.in_("en") == str(text) == "Nothing is recorded at this address: /x"
    assert text.in_("de") == "Unter dieser Adresse ist nichts verzeichnet: /x"


def test_language_without_a_catalogue_gets_english() -> None:
    assert Text("Releases").in_("fr") == "Releases"
    assert translator("fr").named("how", "LexicalMatching") == "LexicalMatching"


def test_numbers_are_counted_in_the_language() -> None:
    assert translator("de").counted("one passage", "{n} passages", 1) == "eine Textstelle"
    assert translator("de").counted("one passage", "{n} passages", 3) == "drei Textstellen"
    assert translator("de").counted("one passage", "{n} passages", 20_000) == "20.000 Textstellen"
