"""Mapping sets: which of our things is which of theirs, in the form of SSSOM, reviewed row by row.

In: a file ``data/links/<authority>.sssom.tsv``. Out: a :class:`MappingSet`, checked. Back, :func:`write_mapping_set`
writes the canonical form (columns in the order of the specification, rows sorted, empty columns left out), so that a
difference between two versions is a difference in meaning. SSSOM 1.1, https://mapping-commons.github.io/sssom/spec/.

Three columns are extensions, declared in the head of each file: ``certainty`` and ``evidence`` as in reference data,
``review_state`` for what people decided. A rejected row is negated as well (``predicate_modifier`` is ``Not``), so that
a program that knows no extensions does not take it for a match.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterable
from collections.abc import Mapping as Fields
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any, Final

import yaml

from interkommunal.errors import SyntaxProblem
from interkommunal.graph.dataset import Place
from interkommunal.graph.parse import read_utf8
from interkommunal.graph.reference import Authority
from interkommunal.namespaces import BASE, ID_TYPES, IK, PREFIXES, expand

SUFFIX: Final = ".sssom.tsv"
VERSION: Final = "1.1"
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
CREATOR: Final = "interkommunal"

ACCEPTED: Final = "accepted"
CANDIDATE: Final = "candidate"
OPEN: Final = "open"
REJECTED: Final = "rejected"
STATES: Final = (ACCEPTED, CANDIDATE, OPEN, REJECTED)
NOT: Final = "Not"
EXACT: Final = "skos:exactMatch"
CLOSE: Final = "skos:closeMatch"
PREDICATES: Final = (EXACT, CLOSE)
CERTAINTIES: Final = ("verified", "seen once")
JUSTIFICATIONS: Final = (
    "semapv:BackgroundKnowledgeBasedMatching",
    "semapv:CompositeMatching",
    "semapv:LexicalMatching",
    "semapv:LexicalSimilarityThresholdMatching",
    "semapv:LogicalReasoning",
    "semapv:ManualMappingCuration",
    "semapv:MappingChaining",
    "semapv:MappingReview",
    "semapv:UnspecifiedMatching",
)
EVIDENCE_SEPARATOR: Final = " ; "

# The slots of SSSOM that we use, in the order of its specification, then the extensions by name.
EXTENSIONS: Final = {
    "certainty": f"{IK}certainty",
    "evidence": expand("dcterms:source"),
    "review_state": f"{BASE}links#review_state",
}
COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "reviewer_label",
    "mapping_tool",
    "mapping_tool_version",
    "mapping_date",
    "review_date",
    "confidence",
    "subject_match_field",
    "object_match_field",
    "match_string",
    "comment",
    *EXTENSIONS,
)
_REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification", "mapping_date", "confidence")
_REQUIRED_HERE: Final = ("evidence", "review_state")
_SUBJECT: Final = re.compile(rf"({'|'.join(ID_TYPES)}):[a-z0-9]+(?:-[a-z0-9]+)*")
_TITLE: Final = "Links of interkommunal to {}"


@dataclass(frozen=True)
class MappingRow:
    """One row: a thing of ours, a thing of theirs, and what is known about their being the same.

    Attributes:
        subject_id, object_id: prefixed names. predicate_id: one of :data:`PREDICATES`.
        predicate_modifier: ``Not`` for a rejected row. confidence: 0 to 1.
        mapping_justification: a term of SEMAPV. mapping_date, review_date: ``2026-11-23``.
        evidence: where it was read, in the order of the file.
        certainty: how sure the evidence is, one of :data:`CERTAINTIES`, or empty. review_state: one of :data:`STATES`.
        place: where it is written; rows made by a program have none.
    """

    subject_id: str
    predicate_id: str
    object_id: str
    mapping_justification: str
    mapping_date: str
    confidence: float
    evidence: tuple[str, ...]
    review_state: str
    subject_label: str = ""
    predicate_modifier: str = ""
    object_label: str = ""
    author_label: str = ""
    reviewer_label: str = ""
    mapping_tool: str = ""
    mapping_tool_version: str = ""
    review_date: str = ""
    subject_match_field: str = ""
    object_match_field: str = ""
    match_string: str = ""
    comment: str = ""
    certainty: str = ""
    place: Place | None = field(default=None, compare=False)

    @property
    def subject(self) -> str:
        """IRI of our thing."""
        return expand(self.subject_id)

    @property
    def object(self) -> str:
        """IRI of their thing."""
        return expand(self.object_id)

    @property
    def predicate(self) -> str:
        """IRI of the relation."""
        return expand(self.predicate_id)

    @property
    def pair(self) -> tuple[str, str]:
        """Both ends; a set has one row for a pair."""
        return self.subject_id, self.object_id

    @property
    def confidence_written(self) -> str:
        """The confidence with at most three decimals and no zeros at the end, as the specification wants it."""
        return f"{self.confidence:.3f}".rstrip("0").rstrip(".")

    @property
    def fragment(self) -> str:
        """The end of the row's IRI, after that of its set and ``#``: ``city-essen.Q2066``."""
        local = self.object_id.partition(":")[2].rstrip("/").replace("/", "-")
        return f"{self.subject_id.replace(':', '-')}.{local}"

    def decided(self, state: str, day: str, reviewer: str, comment: str = "") -> MappingRow:
        """The row after somebody looked at it."""
        return replace(
            self,
            review_state=state,
            predicate_modifier=NOT if state == REJECTED else "",
            reviewer_label=reviewer,
            review_date=day,
            comment=comment or self.comment,
        )


@dataclass(frozen=True)
class MappingSet:
    """All rows about one authority."""

    authority: Authority
    rows: tuple[MappingRow, ...]

    def of_state(self, *states: str) -> tuple[MappingRow, ...]:
        """The rows in one of these states."""
        return tuple(row for row in self.rows if row.review_state in states)

    def published(self) -> MappingSet:
        """The set as others get it: what was accepted and what was rejected, not what nobody has decided."""
        return replace(self, rows=self.of_state(ACCEPTED, REJECTED))

    def with_rows(self, changed: Iterable[MappingRow]) -> MappingSet:
        """The set with these rows added, or put in place of those about the same pair."""
        rows = {row.pair: row for row in self.rows}
        rows.update((row.pair, row) for row in changed)
        return replace(self, rows=tuple(rows.values()))


def file_name(of: Authority) -> str:
    """The name of the file of a mapping set."""
    return f"{of.slug}{SUFFIX}"


def read_mapping_set(path: Path, shown: Path, of: Authority) -> MappingSet:
    """The mapping set in ``path``, every row checked.

    Raises:
        SyntaxProblem: with file and line, for a head or row that is not as described in ``data/links/README.md``.
        SourceError: the file cannot be read.
    """
    return parse_mapping_set(read_utf8(path, shown), shown, of)


def parse_mapping_set(text: str, shown: Path, of: Authority) -> MappingSet:
    """The mapping set that is written in ``text``; for what it raises see :func:`read_mapping_set`."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    count = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    _check_head("".join(line[1:] for line in lines[:count]), shown, of)
    reader = csv.reader(StringIO("".join(lines[count:]), newline=""), delimiter="\t", strict=True)
    rows: dict[tuple[str, str], MappingRow] = {}
    try:
        columns = next(reader, [])
        _check_columns(columns, shown, count + 1)
        for cells in reader:
            line = count + reader.line_num
            if not cells:
                continue
            if len(cells) != len(columns):
                message = f"the row has {len(cells)} cells instead of {len(columns)}; cells are separated by tabs"
                raise SyntaxProblem(message, shown, line)
            row = _row(dict(zip(columns, map(str.strip, cells), strict=True)), of, Place(shown, line))
            if (twin := rows.get(row.pair)) and twin.place:
                raise SyntaxProblem(
                    f"{row.subject_id} and {row.object_id} stand in line {twin.place.line} already", shown, line
                )
            rows[row.pair] = row
    except csv.Error as error:
        raise SyntaxProblem(f"not a TSV row: {error}", shown, count + reader.line_num) from None
    _check_together(rows.values())
    return MappingSet(of, tuple(rows.values()))


def write_mapping_set(mapping_set: MappingSet) -> str:
    """The set in canonical form."""
    out = StringIO()
    head = yaml.safe_dump(_head(mapping_set), allow_unicode=True, sort_keys=False, width=10_000)
    out.write("".join(f"#{line}\n" for line in head.splitlines()))
    rows = [
        {
            **vars(row),
            "confidence": row.confidence_written,
            "evidence": EVIDENCE_SEPARATOR.join(row.evidence),
        }
        for row in mapping_set.rows
    ]
    columns = [name for name in COLUMNS if name in _REQUIRED or any(row[name] for row in rows)]
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(sorted([row[name] for name in columns] for row in rows))
    return out.getvalue()


def _head(mapping_set: MappingSet) -> dict[str, Any]:
    used = {"ik", "skos", "semapv", "dcterms", mapping_set.authority.prefix}
    for row in mapping_set.rows:
        used |= {name.partition(":")[0] for name in (row.subject_id, row.subject_match_field, row.object_match_field)}
    return {
        "sssom_version": VERSION,
        "curie_map": {prefix: PREFIXES[prefix] for prefix in sorted(used - {""})},
        "mapping_set_id": mapping_set.authority.mapping_set,
        "mapping_set_title": _TITLE.format(mapping_set.authority.name),
        "creator_label": [CREATOR],
        "license": LICENCE,
        "extension_definitions": [
            {"slot_name": name, "property": iri, "type_hint": expand("xsd:string")} for name, iri in EXTENSIONS.items()
        ],
    }


def _check_head(text: str, shown: Path, of: Authority) -> None:
    try:
        head = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise SyntaxProblem(
            f"the head is not YAML: {error}".split("\n")[0], shown, mark.line + 1 if mark else 1
        ) from None
    if not isinstance(head, dict):
        raise SyntaxProblem("the file begins without its head: lines of YAML, each after a #", shown, 1)
    wanted = {"sssom_version": VERSION, "mapping_set_id": of.mapping_set, "license": LICENCE}
    for key, value in wanted.items():
        if str(head.get(key)) != value:
            raise SyntaxProblem(f"the head needs {key}: {value}", shown, 1)
    curies = head.get("curie_map")
    if not isinstance(curies, dict):
        raise SyntaxProblem("the head needs a curie_map with the prefixes", shown, 1)
    for prefix, namespace in curies.items():
        if PREFIXES.get(prefix) != namespace:
            raise SyntaxProblem(f"the prefix {prefix} is not one of the project's, or stands for another IRI", shown, 1)


def _check_columns(columns: list[str], shown: Path, line: int) -> None:
    for name in columns:
        if name not in COLUMNS:
            raise SyntaxProblem(f"unknown column {name!r}; use {', '.join(COLUMNS)}", shown, line)
    for name in (*_REQUIRED, *_REQUIRED_HERE):
        if name not in columns and name not in EXTENSIONS:
            raise SyntaxProblem(f"the column {name} is missing", shown, line)
    if len(set(columns)) != len(columns):
        raise SyntaxProblem("a column stands twice in the first line of the table", shown, line)


def _row(cells: Fields[str, str], of: Authority, place: Place) -> MappingRow:
    def wrong(message: str) -> SyntaxProblem:
        return SyntaxProblem(message, place.file, place.line)

    for name in (*_REQUIRED, *_REQUIRED_HERE):
        if not cells.get(name):
            raise wrong(f"the cell {name} is empty")
    if not _SUBJECT.fullmatch(cells["subject_id"]):
        raise wrong(f"{cells['subject_id']!r} is no thing of ours; write type:slug, for example city:essen")
    prefix, _, local = cells["object_id"].partition(":")
    if prefix != of.prefix or of.identifier(of.namespace + local) is None:
        sample = f"{of.prefix}:{of.example}{of.tail}"
        raise wrong(f"{cells['object_id']!r} is no thing of {of.name}; write it like {sample}")
    for name, known in (
        ("predicate_id", PREDICATES),
        ("mapping_justification", JUSTIFICATIONS),
        ("review_state", STATES),
        ("certainty", ("", *CERTAINTIES)),
        ("predicate_modifier", ("", NOT)),
    ):
        if cells.get(name, "") not in known:
            raise wrong(f"{name} is {cells[name]!r}; use {', '.join(item for item in known if item)}")
    if (cells["review_state"] == REJECTED) != (cells.get("predicate_modifier") == NOT):
        raise wrong("a rejected row, and no other, has Not in the column predicate_modifier")
    for name in ("mapping_date", "review_date"):
        if cells.get(name) and not _is_day(cells[name]):
            raise wrong(f"{name} is {cells[name]!r}; write a day like 2026-11-23")
    if cells.get("review_date") and not cells.get("reviewer_label"):
        raise wrong("a row with review_date names who reviewed it in reviewer_label")
    try:
        confidence = float(cells["confidence"])
    except ValueError:
        confidence = -1.0
    if not 0 <= confidence <= 1:
        raise wrong(f"confidence is {cells['confidence']!r}; write a number from 0 to 1, for example 0.95")
    evidence = tuple(item.strip() for item in cells["evidence"].split(EVIDENCE_SEPARATOR))
    given: dict[str, Any] = {**cells, "confidence": confidence, "evidence": evidence}
    return MappingRow(**given, place=place)


def _check_together(rows: Iterable[MappingRow]) -> None:
    """One thing is the same as one other thing at most, in both directions."""
    seen: dict[str, MappingRow] = {}
    for row in rows:
        if row.review_state != ACCEPTED or row.predicate_id != EXACT or row.place is None:
            continue
        for end in row.pair:
            if (other := seen.setdefault(end, row)) is not row and other.place:
                message = f"{end} is matched exactly in line {other.place.line} already; accept one, or use {CLOSE}"
                raise SyntaxProblem(message, row.place.file, row.place.line)


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
