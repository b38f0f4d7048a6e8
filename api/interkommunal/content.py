"""Where the things people write lie: ontology, data, shapes, queries.

In a checkout they are the folders beside ``api/``; in an installed wheel they are package data. Everything left of
``release`` gets a :class:`Content` as an argument and never looks for files by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interkommunal.errors import SettingsError


@dataclass(frozen=True)
class Content:
    """The folder that holds ``ontology``, ``data``, ``shapes`` and ``queries``."""

    root: Path

    @property
    def ontology(self) -> Path:
        """Folder of the vocabulary."""
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        """Folder of sources, editorial and reference data."""
        return self.root / "data"

    @property
    def shapes(self) -> Path:
        """Folder of the SHACL shapes."""
        return self.root / "shapes"

    @property
    def queries(self) -> Path:
        """Folder of the library, check and derive queries."""
        return self.root / "queries"

    def shown(self, path: Path) -> Path:
        """``path`` as people know it: relative to the root where it lies below."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path


def find_content(root: Path | None = None) -> Content:
    """The content at ``root``, or of this installation.

    Raises:
        SettingsError: if one of the four folders is missing there.
    """
    package = Path(__file__).resolve().parent
    candidates = [root] if root else [package / "content", package.parent.parent]
    names = ("ontology", "data", "shapes", "queries")
    for candidate in candidates:
        if all((candidate / name).is_dir() for name in names):
            return Content(candidate)
    raise SettingsError(f"no folder with {', '.join(names)} at {candidates[0]}; set INTERKOMMUNAL_CONTENT to one")
