"""What a page cannot show: nothing there, or no longer there."""

from __future__ import annotations

from interkommunal.errors import InterkommunalError
from interkommunal.release.history import Deletion


class Missing(InterkommunalError):
    """Nothing is described at ``path``."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"there is nothing at {path}")


class Withdrawn(InterkommunalError):
    """``iri`` was given up; ``successors`` take its place."""

    def __init__(self, iri: str, successors: tuple[str, ...]) -> None:
        self.iri = iri
        self.successors = successors
        super().__init__(f"{iri} was withdrawn")


class Deleted(InterkommunalError):
    """``iri`` was described at ``path`` in an earlier release; ``deletion`` says in which one last."""

    def __init__(self, iri: str, path: str, deletion: Deletion) -> None:
        self.iri = iri
        self.path = path
        self.deletion = deletion
        super().__init__(f"{iri} was deleted with {deletion.publication.release}")
