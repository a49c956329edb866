"""Our own log, on stderr: a line of JSON each, or plain lines for a person."""

from __future__ import annotations

import logging
import sys

import structlog


def log_to_stderr(*, is_quiet: bool) -> None:
    """`is_quiet`: a person watches, so only what needs attention is shown."""
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if is_quiet else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
