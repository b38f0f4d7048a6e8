"""How log lines look: one event a line, text on a terminal and JSON elsewhere, on standard error."""

from __future__ import annotations

import logging
import sys
from typing import BinaryIO

import structlog

from interkommunal.settings import Settings


def wants_json(settings: Settings, stream: BinaryIO) -> bool:
    """Whether lines are JSON: as set, else unless people are looking."""
    if settings.log_format == "auto":
        return not stream.isatty()
    return settings.log_format == "json"


def configure(settings: Settings) -> None:
    """Send events of this process to standard error, in the form and from the level that the settings say."""
    stream = sys.stderr
    as_json = wants_json(settings, stream.buffer)
    # The renderer's own tracebacks show every variable and take a second to draw.
    text = structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso" if as_json else "%H:%M:%S", utc=as_json),
            *([structlog.processors.format_exc_info] if as_json else []),
            structlog.processors.JSONRenderer() if as_json else text,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    # asyncio and the server below us report to the standard library.
    logging.basicConfig(stream=stream, level=logging.WARNING, format="%(message)s")
