"""Characters that programs obey instead of showing, and ways to keep them from doing so.

Control characters but for tab and line end, marks that turn the direction of writing, and halves of characters: in a
document they are text, in a terminal they move the cursor, colour, hide or swap what is shown.
"""

from __future__ import annotations

import re

OBEYED = re.compile(
    r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text with every such character written out, as Python would: `\\x1b`. Otherwise word for word."""
    return OBEYED.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: object) -> str:
    """The text on one line, without any such character."""
    return OBEYED.sub("", " ".join(str(text).split())).strip()


def is_balanced(text: str) -> bool:
    """Whether curly braces match, each opened before it is closed."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def visible_json(data: bytes) -> bytes:
    """JSON that says the same, with every such character escaped as JSON has it: `\\u009b`."""
    return OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", data.decode()).encode()
