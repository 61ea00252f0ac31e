"""The sentences of the interface, read from messages.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

MESSAGES: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "messages.toml").read_text("utf-8"))


def say(name: str, /, **values: object) -> str:
    """The phrase of that name ("hit.dated") with its braces filled in."""
    section, _, key = name.partition(".")
    phrase = MESSAGES[section][key]
    return phrase.format(**values) if values else phrase


def count(name: str, n: int) -> str:
    """The singular or plural of a phrase: `count("found.passages", 2)`."""
    return say(f"{name}_{'one' if n == 1 else 'other'}", n=f"{n:,}")
