"""What reStructuredText adds to plain text: lines that are no text."""

from __future__ import annotations

import re

# A directive, an option of one or a field about the document, the target of a link, a comment; not ".. [1] Reyes".
DIRECTIVE_LINE = re.compile(r"\.\.(?:[ \t]+(?!\[)|$)|:[A-Za-z][\w -]{0,40}:(?:[ \t]|$)")
NOTE_WITH_TEXT = re.compile(
    r"\.\.[ \t]+(?:note|warning|tip|hint|important|attention|caution|danger|seealso|admonition|topic|epigraph|"
    r"versionadded|versionchanged|deprecated)::[ \t]+(?=\S+[ \t]\S)"
)


def is_directive(line: str) -> bool:
    """Whether a line is none of text. A note with its text on the line is text."""
    return bool(DIRECTIVE_LINE.match(line)) and not NOTE_WITH_TEXT.match(line)
