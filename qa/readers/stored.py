"""A reading as JSON and back: between processes, and for keeping it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qa.models import Block, Link, Metadata, Reading, Span, Style, Trouble


def as_json(reading: Reading) -> dict[str, Any]:
    """The reading in the types of JSON."""
    return asdict(reading)


def from_json(stored: dict[str, Any]) -> Reading:
    """The reading that `as_json` made this of."""
    return Reading(
        text=stored["text"],
        blocks=tuple(block_from(block) for block in stored["blocks"]),
        metadata=Metadata(**stored["metadata"]),
        links=tuple(Link(link["start"], link["end"], tuple(link["targets"])) for link in stored["links"]),
        works=stored["works"],
        page_starts=tuple(stored["page_starts"]),
        trouble=tuple(Trouble(**trouble) for trouble in stored["trouble"]),
        extracted=stored["extracted"],
    )


def block_from(stored: dict[str, Any]) -> Block:
    return Block(
        **stored
        | {
            "head": Span(*stored["head"]) if stored["head"] else None,
            "inner": tuple(Span(*span) for span in stored["inner"]),
            "rows": tuple(tuple(Span(*cell) for cell in row) for row in stored["rows"]),
            "styles": tuple(Style(*style) for style in stored["styles"]),
        }
    )
