"""The sentences that users read, from messages.toml: one file, so that the interface can be translated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

MESSAGES: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "messages.toml").read_text("utf-8"))


def say(name: str, /, **values: object) -> str:
    """The message of that name ("hit.dated_by_owner") with its placeholders filled in."""
    section, _, key = name.partition(".")
    message = MESSAGES[section][key]
    return message.format(**values) if values else message


def count(name: str, n: int) -> str:
    """The singular or plural of a message: `count("found.passages", 2)`."""
    return say(f"{name}_{'one' if n == 1 else 'other'}", n=f"{n:,}")


def listed(items: Sequence[str], joint: Literal["and", "or"]) -> str:
    """ "a", "a and b", "a, b and c"; at least one item."""
    *head, last = items
    return f"{say('list.between').join(head)}{say(f'list.{joint}')}{last}" if head else last


def day_in_words(date: str) -> str:
    """A date ("2026-11-23" or "2026-11") in words; anything else unchanged."""
    known = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?", date)
    if not known:
        return date
    year, month, day = known.groups()
    name = say("date.months").split()[int(month) - 1]
    return say("date.day", day=int(day), month=name, year=year) if day else say("date.month", month=name, year=year)
