"""The log: one form for every line on standard error, ours and the server's, without a word of what an asker wrote
unless the operator turns that on. A program gets a JSON object a line, a person at a terminal plain words."""

from __future__ import annotations

import logging
import os
import traceback
from typing import Any

import orjson
import structlog

# Own processors, because the usual ones write the values of variables, and with them the question, into a trace.
STAMPS: list[structlog.typing.Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def log_line(logger: object, method: str, event: structlog.typing.EventDict) -> bytes:
    """The line, for whoever reads it. A terminal gets values as Python writes them, with nothing that it would obey."""
    return str(TERMINAL(logger, method, event)).encode() if os.isatty(2) else orjson.dumps(event)


TERMINAL = structlog.dev.ConsoleRenderer(pad_event_to=0)
LOG = structlog.wrap_logger(
    structlog.BytesLogger(os.fdopen(2, "wb", closefd=False)),
    processors=[*STAMPS, log_line],
)


def log_failure(path: str, error: Exception) -> None:
    """A fault of ours: its kind and the lines it came by."""
    LOG.error("failed", path=path, **traced(error))


def traced(error: BaseException) -> dict[str, Any]:
    """An error without its message, which may quote the asker."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return {"error": type(error).__name__, "frames": frames}


class ServerLine(logging.Formatter):
    """A line of the server, which logs by other means, in the form of ours."""

    def format(self, record: logging.LogRecord) -> str:
        event: Any = {"event": record.getMessage()}
        if record.exc_info and record.exc_info[1]:
            event |= traced(record.exc_info[1])
        for process in STAMPS:
            event = process(None, record.levelname.lower(), event)
        return log_line(None, "", event).decode()


# What granian takes: where its own lines go, and in which form.
SERVER_LOG = {
    "formatters": {"line": {"()": "qa.log.ServerLine"}},
    "handlers": {
        name: {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
        for name in ("console", "access")
    },
}
