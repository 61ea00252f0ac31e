"""Shows how far a long task is, with its rate and the time left."""

from __future__ import annotations

import sys
import time

import click

from qa.messages import say

LOGGED = 60.0  # seconds between lines in a log
SHOWN = 0.1  # seconds between changes of a line on a terminal


class Meter:
    """Shows a task on standard error: on one line of a terminal, or with a line each minute in a log. `message` is the
    name of the line, in which amounts are in this `unit`."""

    def __init__(self, message: str, unit: float = 1) -> None:
        self._message, self._unit = message, unit
        self._started = self._shown = time.monotonic()
        self._widest = 0

    def show(self, done: int, total: int) -> None:
        """Show that so much of the task is done, if it is time to."""
        now, terminal = time.monotonic(), sys.stderr.isatty()
        finished = terminal and done >= total
        if not finished and now - self._shown < (SHOWN if terminal else LOGGED):
            return
        self._shown = now
        rate = done / max(now - self._started, 1e-3)
        numbers = {name: n / self._unit for name, n in (("done", done), ("total", total), ("rate", rate))}
        line = say(self._message, left=duration((total - done) / rate if rate else 0), **numbers)
        self._widest = max(self._widest, len(line))
        click.echo(f"\r{line:{self._widest}}" if terminal else line, err=True, nl=finished or not terminal)


def duration(seconds: float) -> str:
    """A time in hours, minutes and seconds, such as 1:02:03 or 2:03."""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
