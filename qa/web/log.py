"""The log: JSON lines on standard error, without a word of what an asker wrote unless the operator turns that on."""

from __future__ import annotations

import os
import traceback

import orjson
import structlog

# Own processors, because the usual ones write the values of variables, and with them the question, into a trace.
LOG = structlog.wrap_logger(
    structlog.BytesLogger(os.fdopen(2, "wb", closefd=False)),
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(serializer=orjson.dumps),
    ],
)


def log_failure(path: str, error: Exception) -> None:
    """A fault of ours: its kind and the lines it came by, without its message, which may quote the asker."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    LOG.error("failed", path=path, error=type(error).__name__, frames=frames)
