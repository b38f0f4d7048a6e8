"""Lists the files of a folder that people write, and refuses those that nobody would read.

A file with a wrong suffix or in the wrong place would otherwise be missing from the graph without a word.
"""

from __future__ import annotations

from pathlib import Path

from interkommunal.content import Content
from interkommunal.errors import SourceError

# What may lie anywhere: notes for people.
_NOTES = (".md",)


def written_files(folder: Path, content: Content, suffix: str, others: tuple[str, ...] = ()) -> list[Path]:
    """The files in ``folder`` with ``suffix``, by name; ``others`` are names that somebody else reads.

    Raises:
        SourceError: for any other file or folder there, hidden ones and notes (``.md``) left aside.
    """
    found = []
    for path in sorted(folder.glob("*")):
        if path.name in others or path.name.startswith(".") or (path.is_file() and path.suffix in _NOTES):
            continue
        if path.is_dir() or path.suffix != suffix:
            known = ", ".join((f"*{suffix}", *others))
            raise SourceError(f"nothing reads this; files here are {known} and notes (*.md)", content.shown(path))
        found.append(path)
    return found


def source_folders(content: Content) -> list[Path]:
    """The folders of the sources, by name.

    Raises:
        SourceError: for a file beside them, notes left aside.
    """
    folders = []
    for path in sorted((content.data / "sources").glob("*")):
        if path.is_dir():
            folders.append(path)
        elif path.suffix not in _NOTES and not path.name.startswith("."):
            raise SourceError("nothing reads this; each source has a folder of its own here", content.shown(path))
    return folders
