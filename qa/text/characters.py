"""Unsafe characters, and how to escape or remove them.

These are control characters except tab and line end, bidirectional controls and lone surrogates. In a document they are
just text; in a terminal they can move the cursor, change colours, or hide or reorder what is shown.
"""

from __future__ import annotations

import re

UNSAFE = re.compile(
    r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text with unsafe characters written as Python escapes (`\\x1b`), otherwise unchanged."""
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: object) -> str:
    """The text on one line, without unsafe characters."""
    return UNSAFE.sub("", " ".join(str(text).split())).strip()


def is_balanced(text: str) -> bool:
    """Whether curly braces are balanced."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def visible_json(data: bytes) -> bytes:
    """Equivalent JSON with unsafe characters escaped (`\\u009b`)."""
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", data.decode()).encode()
