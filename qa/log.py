"""Logging to standard error, in one format for this program and the server.

Each line is a JSON object, or readable text on a terminal. No line contains any text of a question unless the operator
turns that on.
"""

from __future__ import annotations

import logging
import os
import traceback
from typing import Any

import orjson
import structlog

# structlog's default processors write the values of variables into a traceback, and with them the question.
STAMPS: list[structlog.typing.Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def log_line(logger: object, method: str, event: structlog.typing.EventDict) -> bytes:
    """Format one line: JSON, or text on a terminal, where values are shown as their repr so that no control character
    reaches it."""
    return str(TERMINAL(logger, method, event)).encode() if os.isatty(2) else orjson.dumps(event)


TERMINAL = structlog.dev.ConsoleRenderer(pad_event_to=0)
LOG = structlog.wrap_logger(
    structlog.BytesLogger(os.fdopen(2, "wb", closefd=False)),
    processors=[*STAMPS, log_line],
)


def log_failure(path: str, error: Exception) -> None:
    """Log an unexpected error: its type and stack frames."""
    LOG.error("failed", path=path, **traced(error))


def traced(error: BaseException) -> dict[str, Any]:
    """Type and stack frames of an error, without its message, which may quote the question."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return {"error": type(error).__name__, "frames": frames}


class ServerLine(logging.Formatter):
    """Formats the server's standard-library log records like our own lines."""

    def format(self, record: logging.LogRecord) -> str:
        event: Any = {"event": record.getMessage()}
        if record.exc_info and record.exc_info[1]:
            event |= traced(record.exc_info[1])
        for process in STAMPS:
            event = process(None, record.levelname.lower(), event)
        return log_line(None, "", event).decode()


# Logging configuration for granian.
SERVER_LOG = {
    "formatters": {"line": {"()": "qa.log.ServerLine"}},
    "handlers": {
        name: {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
        for name in ("console", "access")
    },
}
