"""The command that describes the data to people who want to use it: dictionary."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from interkommunal.cli.app import Lang, app
from interkommunal.cli.terminal import language, progress
from interkommunal.content import find_content
from interkommunal.settings import load_settings

if TYPE_CHECKING:
    from interkommunal.validation.dictionary import Dictionary, Entry, Field

# A shape for everything names every class; a reader wants to know that it is for everything.
_MANY: Final = 12

_WORDS: Final = {
    "de": {
        "title": "Datenwörterbuch",
        "intro": "Was es im Graphen gibt, welche Eigenschaften die Sachen haben und welche Werte diese annehmen. "
        "Erzeugt aus Ontologie, Begriffslisten und Shapes mit `interkommunal dictionary --lang de`; von "
        "Hand wird hier nichts geändert.",
        "paths": "Eigenschaften stehen als Pfad, wie SPARQL sie schreibt: `^` heißt rückwärts gelesen, `/` eine "
        "nach der anderen, `|` eine von mehreren. „erforderlich“: ohne sie wird kein Stand "
        "veröffentlicht; „empfohlen“: ihr Fehlen wird gemeldet; sonst darf sie fehlen, denn was die "
        "Quelle offen lässt, bleibt offen.",
        "classes": "Klassen",
        "properties": "Eigenschaften, die viele Sachen haben",
        "lists": "Begriffslisten",
        "other": "[English](data-dictionary.md)",
        "broader": "Es gilt auch, was unter {} steht.",
        "every": "alle Sachen",
        "property": "Eigenschaft",
        "meaning": "Bedeutung",
        "values": "Werte",
        "number": "Anzahl",
        "need": "Muss sie da sein?",
        "required": "erforderlich",
        "recommended": "empfohlen",
        "optional": "",
        "concept": "Begriff",
        "label": "Bezeichnung",
        "definition": "Definition",
        "none": "keine",
        "exactly": "genau {}",
        "least": "mindestens {}",
        "most": "höchstens {}",
        "between": "{} bis {}",
    },
    "en": {
        "title": "Data dictionary",
        "intro": "What there is in the graph, which properties the things have, and what their values are. Made "
        "from ontology, code lists and shapes by `interkommunal dictionary --lang en`; nothing here is "
        "edited by hand.",
        "paths": "Properties stand as paths, as SPARQL writes them: `^` means read backwards, `/` one after the "
        "other, `|` one of several. “required”: without it no release is published; “recommended”: that "
        "it is missing is reported; otherwise it may be missing, for what the source leaves open stays "
        "open.",
        "classes": "Classes",
        "properties": "Properties that many things have",
        "lists": "Code lists",
        "other": "[Deutsch](data-dictionary.de.md)",
        "broader": "What stands under {} holds as well.",
        "every": "everything",
        "property": "property",
        "meaning": "meaning",
        "values": "values",
        "number": "how many",
        "need": "must it be there?",
        "required": "required",
        "recommended": "recommended",
        "optional": "",
        "concept": "concept",
        "label": "label",
        "definition": "definition",
        "none": "none",
        "exactly": "exactly {}",
        "least": "at least {}",
        "most": "at most {}",
        "between": "{} to {}",
    },
}


class DictionaryFormat(StrEnum):
    """Formats of the data dictionary."""

    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"


@app.command(
    "dictionary",
    epilog="Examples:\n\n"
    "  interkommunal dictionary --lang de | less\n\n"
    "  interkommunal dictionary --format csv > dictionary.csv    for a spreadsheet, one property a row\n\n"
    "  interkommunal dictionary --format json | jq '.entries[].targets'",
)
def write_dictionary(
    lang: Lang = None,
    dictionary_format: Annotated[
        DictionaryFormat, typer.Option("--format", help="For reading, for spreadsheets or for programs.")
    ] = DictionaryFormat.MARKDOWN,
) -> None:
    """Write the data dictionary: classes, their properties, values and numbers, and the code lists."""
    content = find_content(load_settings().content)
    with progress("Reading") as tell:
        from interkommunal.graph.assemble import assemble
        from interkommunal.validation.dictionary import dictionary

        assembly = assemble(content, tell)
        found = dictionary(assembly.dataset, assembly.shapes)
    writers: dict[DictionaryFormat, Callable[[Dictionary, str], str]] = {
        DictionaryFormat.MARKDOWN: markdown,
        DictionaryFormat.CSV: table,
        DictionaryFormat.JSON: lambda it, _: json.dumps(dataclasses.asdict(it), ensure_ascii=False, indent=1) + "\n",
    }
    typer.echo(writers[dictionary_format](found, language(lang)), nl=False)


def markdown(dictionary: Dictionary, lang: str) -> str:
    """The dictionary as Markdown in the language ``lang``."""
    return "\n".join(_lines(dictionary, lang)) + "\n"


def table(dictionary: Dictionary, lang: str) -> str:
    """The dictionary as CSV (RFC 4180) in the language ``lang``: one property of one class a row."""
    words = _WORDS[lang]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(
        ["class", "name", "property", "label", "definition", "values", "minimum", "maximum", "need", "shape"]
    )
    for entry in dictionary.entries:
        for field in entry.fields:
            writer.writerow(
                [
                    _targets(entry, words["every"], mark=""),
                    entry.name[lang],
                    field.path,
                    field.name[lang],
                    field.definition[lang],
                    " | ".join(field.values),
                    field.minimum,
                    field.maximum,
                    field.weight,
                    field.shape,
                ]
            )
    return stream.getvalue()


def _lines(dictionary: Dictionary, lang: str) -> Iterator[str]:
    words = _WORDS[lang]
    yield from (f"# {words['title']}", "", words["other"], "", words["intro"], "", words["paths"], "")
    for kind, heading in (("class", "classes"), ("property", "properties")):
        yield from (f"## {words[heading]}", "")
        entries = [entry for entry in dictionary.entries if entry.kind == kind]
        for entry in sorted(entries, key=lambda entry: (entry.name[lang].casefold(), entry.targets)):
            yield from _entry(entry, lang)
    yield from (f"## {words['lists']}", "")
    for scheme in sorted(dictionary.code_lists, key=lambda scheme: scheme.name[lang].casefold()):
        yield from (f"### {scheme.name[lang]}", "", f"`{scheme.scheme}`", "")
        yield f"| {words['concept']} | {words['label']} | {words['definition']} |"
        yield "|---|---|---|"
        for concept, label, definition in scheme.concepts:
            yield f"| `{concept}` | {_cell(label[lang])} | {_cell(definition[lang])} |"
        yield ""


def _entry(entry: Entry, lang: str) -> Iterator[str]:
    words = _WORDS[lang]
    yield from (f"### {entry.name[lang]}", "", _targets(entry, words["every"]), "")
    if entry.definition[lang]:
        yield from (entry.definition[lang], "")
    if entry.broader and len(entry.targets) < _MANY:
        yield from (words["broader"].format(", ".join(f"`{name}`" for name in entry.broader)), "")
    columns = (words["property"], words["meaning"], words["values"], words["number"], words["need"])
    yield f"| {' | '.join(columns)} |"
    yield "|---|---|---|---|---|"
    for field in entry.fields:
        meaning = f"**{_cell(field.name[lang])}**"
        if field.definition[lang]:
            meaning += f" – {_cell(field.definition[lang])}"
        values = ", ".join(f"`{value}`" for value in field.values)
        cells = (
            f"`{field.path.replace('|', chr(92) + '|')}`",
            meaning,
            values,
            _number(field, words),
            words[field.weight],
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _targets(entry: Entry, every: str, mark: str = "`") -> str:
    if len(entry.targets) >= _MANY:
        return every
    return ", ".join(f"{mark}{target}{mark}" for target in entry.targets)


def _number(field: Field, words: dict[str, str]) -> str:
    least, most = field.minimum or 0, field.maximum
    if most == 0:
        return words["none"]
    if most is None:
        return words["least"].format(least) if least else ""
    if least == most:
        return words["exactly"].format(least)
    return words["between"].format(least, most) if least else words["most"].format(most)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
