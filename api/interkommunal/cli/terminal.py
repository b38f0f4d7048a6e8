"""What a person sees: progress while they wait, and the language they read.

Progress goes to the standard error, only if that is a terminal, so that output can be piped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from interkommunal.graph.assemble import Progress as Tell

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


class Language(StrEnum):
    """Languages of messages."""

    DE = "de"
    EN = "en"


def language(given: Language | None, environment: Mapping[str, str] = os.environ) -> str:
    """The language asked for, else that of the locale (POSIX: LC_ALL before LC_MESSAGES before LANG), else English."""
    if given is not None:
        return given.value
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "de" if locale.lower().startswith("de") else "en"


@contextmanager
def progress(task: str) -> Iterator[Tell]:
    """A progress bar for ``task``, removed when it is done. Yields the function to call with step, done and total."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[step]}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        number = bar.add_task(task, total=None, step="")
        yield lambda step, done, total: bar.update(number, completed=done, total=total, step=step)


def from_here(path: Path) -> Path:
    """``path`` as a person in the working folder would write it, so that a click on it opens it."""
    here = Path.cwd()
    whole = Path(os.path.normpath(path.absolute()))
    return whole.relative_to(here) if whole.is_relative_to(here) else whole
