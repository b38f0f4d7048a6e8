"""Compares two releases: which statements came, which went, and what they are about.

In go the canonical N-Quads of two releases, out comes the difference, as text for people or as a patch for programs.
Both files are sorted, so they are read side by side and never held: only the difference takes memory.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import pyoxigraph

from interkommunal.namespaces import PREFIXES, in_turtle
from interkommunal.release.release import Release


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one entity, the subject with this IRI.

    Attributes:
        iri: the subject.
        removed, added: canonical N-Quads, each a line with its end, sorted by code point.
        is_new, is_gone: whether the entity has no statement in the older, or in the newer release.
    """

    iri: str
    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]
    is_new: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference between two releases; ``changes`` holds one for each entity that differs, by IRI."""

    old: Release
    new: Release
    changes: tuple[Change, ...]

    @property
    def removed(self) -> int:
        """Statements that are only in the older release."""
        return sum(len(change.removed) for change in self.changes)

    @property
    def added(self) -> int:
        """Statements that are only in the newer release."""
        return sum(len(change.added) for change in self.changes)

    def patch(self) -> Iterator[bytes]:
        """The difference as an RDF Patch of quads (https://afs.github.io/rdf-patch/): one transaction, which makes
        the older release into the newer one. Deletions (``D``) come before additions (``A``).
        """
        yield f"H id <{_urn(self.new)}> .\nH prev <{_urn(self.old)}> .\nTX .\n".encode()
        yield from (b"D " + line for line in chain.from_iterable(change.removed for change in self.changes))
        yield from (b"A " + line for line in chain.from_iterable(change.added for change in self.changes))
        yield b"TC .\n"

    def text(self) -> Iterator[str]:
        """The difference for people, by entity, in lines: ``-`` for what went, ``+`` for what came."""
        yield f"{self.old.identifier} → {self.new.identifier}"
        for change in self.changes:
            note = " (new)" if change.is_new else " (gone)" if change.is_gone else ""
            yield ""
            yield f"{short(pyoxigraph.NamedNode(change.iri))}{note}"
            yield from (f"  - {_statement(line)}" for line in change.removed)
            yield from (f"  + {_statement(line)}" for line in change.added)
        yield ""
        yield f"{len(self.changes)} entities differ: {self.removed} statements removed, {self.added} added"


def compare(old: Release, new: Release) -> Comparison:
    """The difference between ``old`` and ``new``.

    Raises:
        OSError: one of them cannot be read.
    """
    removed: dict[bytes, list[bytes]] = {}
    added: dict[bytes, list[bytes]] = {}
    if old.content_hash != new.content_hash:
        with old.quads.open("rb") as left, new.quads.open("rb") as right:
            for line, is_new in _difference(left, right):
                (added if is_new else removed).setdefault(_subject(line), []).append(line)
    touched = {*removed, *added}
    before, after = _present(old, touched), _present(new, touched)
    return Comparison(
        old,
        new,
        tuple(
            Change(
                subject[1:-1].decode(),
                tuple(removed.get(subject, ())),
                tuple(added.get(subject, ())),
                is_new=subject not in before,
                is_gone=subject not in after,
            )
            for subject in sorted(touched)
        ),
    )


def _difference(left: Iterable[bytes], right: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The lines that only one of two sorted files has, and whether it is the right one."""
    lefts, rights = iter(left), iter(right)
    old, new = next(lefts, None), next(rights, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old < new):
            assert old is not None
            yield old, False
            old = next(lefts, None)
        elif old is None or new < old:
            yield new, True
            new = next(rights, None)
        else:
            old, new = next(lefts, None), next(rights, None)


def _present(release: Release, subjects: set[bytes]) -> set[bytes]:
    """Those of ``subjects`` of which ``release`` has a statement."""
    if not subjects:
        return set()
    with release.quads.open("rb") as lines:
        return {subject for line in lines if (subject := _subject(line)) in subjects}


def _subject(line: bytes) -> bytes:
    # A release has no blank nodes, and an IRI in N-Quads no space.
    return line[: line.index(b" ")]


def _urn(release: Release) -> str:
    # A hash of the content as a name (RFC 6920, section 3).
    digest = urlsafe_b64encode(bytes.fromhex(release.content_hash)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _statement(line: bytes) -> str:
    quad = next(iter(pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_QUADS)))
    return f"{short(quad.predicate)} {short(quad.object)}  in {short(quad.graph_name)}"


def short(term: object) -> str:
    """A term as Turtle writes it, with the prefixes of the project."""
    if isinstance(term, pyoxigraph.Literal) and term.datatype.value.startswith(PREFIXES["xsd"]) and not term.language:
        kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
        plain = str(pyoxigraph.Literal(term.value))
        return plain if kind == "string" else f"{plain}^^xsd:{kind}"
    if isinstance(term, pyoxigraph.NamedNode):
        return in_turtle(term.value)
    return str(term)
