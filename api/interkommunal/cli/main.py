"""The entry point: runs a command and turns what goes wrong into one line and an exit status."""

from __future__ import annotations

import os
import signal
import sys

from interkommunal.cli import (
    authoring,
    building,
    describing,
    differing,
    doctoring,
    exporting,
    linking,
    querying,
    releasing,
    serving,
)
from interkommunal.cli.app import app
from interkommunal.errors import InterkommunalError

# Importing a module of commands adds them to the application.
COMMANDS = (building, serving, querying, authoring, differing, describing, doctoring, exporting, linking, releasing)


def main() -> None:
    """Runs the command that the arguments name; ends the process."""
    # As with Ctrl-C, what is half done is cleared away. The server, which has to end otherwise, listens to it itself.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        app(prog_name="interkommunal")
    except InterkommunalError as error:
        print("interkommunal:", " ".join(str(error).split()), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        _flush()


def _flush() -> None:
    """Writes out what is left. A reader that has gone away (``| head``) is no error worth a message."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
