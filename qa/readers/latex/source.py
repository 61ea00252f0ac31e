r"""The source of a LaTeX file as tokens, with the bodies of macros put in their place, and within limits.

Nothing here is recursive, so braces may be nested as deep as a file is long.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.errors import ReadingError

TOKEN = re.compile(
    r"(?P<command>\\(?:[a-zA-Z]+(?:[ \t]*\n(?![ \t]*\n)[ \t]*|[ \t]+)?|.|\n))"
    r"|(?P<comment>%[^\n]*(?:\n[ \t]*(?P<blank_line>\n\s*)?)?)"
    r"|(?P<paragraph>[ \t]*\n[ \t]*\n\s*)"
    r"|(?P<opened>\{)|(?P<closed>\})|(?P<cell>&)|(?P<math>\$\$?)|(?P<tie>~)"
    r"|(?P<sign>``|''|---?|,,|[`'\"]|\#+\d?)"
    r"|(?P<words>[^\\%\n{}&$~`'\"#,-]+|[,\n-])",
    re.DOTALL,
)
BLANKS = re.compile(r"(?:\s|%[^\n]*\n)*")
IN_BRACES = re.compile(r"\\.|%[^\n]*|[{}]", re.DOTALL)
IN_ADDRESS = re.compile(r"\\.|[{}]", re.DOTALL)
IN_BRACKETS = re.compile(r"\\.|%[^\n]*|[{}\]]", re.DOTALL)
ONE_TOKEN = re.compile(r"\\(?:[a-zA-Z]+|.)|[^\s{}]", re.DOTALL)
COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?[ \t]*")
LONGEST_ARGUMENT = 20_000  # characters
LONGEST_OPTION = 2_000
MOST_UNCLOSED = 200  # arguments without an end
MOST_EXPANSIONS = 200_000
MOST_EXPANDED = 10_000_000  # characters
DEEPEST_EXPANSION = 100


class TexToken(NamedTuple):
    """A piece of the source: its kind is the name of a group of `TOKEN`; that of a command is without its backslash."""

    kind: str
    text: str


class TexSource:
    """What is left to read: the file, and above it the bodies of the macros that are being expanded."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.place = text, 0
        self.name = name
        self.below: list[tuple[str, int]] = []
        self.unclosed = self.expansions = self.expanded = 0

    def next(self) -> TexToken | None:
        """The next token; None at the end."""
        if not self.settle():
            return None
        found = TOKEN.match(self.text, self.place)
        if found is None:  # every character begins a token
            raise AssertionError
        self.place = found.end()
        kind = found.lastgroup or ""
        if kind == "command":
            name = found[0][1:]
            return TexToken(kind, name.rstrip() or " ")
        if found["comment"] is not None:
            return TexToken("paragraph" if found["blank_line"] is not None else "comment", "")
        return TexToken(kind, found[0])

    def settle(self) -> bool:
        """Leave macros that are used up; False at the end of the file."""
        while self.place >= len(self.text) and self.below:
            self.text, self.place = self.below.pop()
        return self.place < len(self.text)

    def expand(self, body: str) -> None:
        """Read the body of a macro next. Raises ReadingError if macros never end."""
        self.settle()
        self.expansions += 1
        self.expanded += len(body)
        if self.expansions > MOST_EXPANSIONS or self.expanded > MOST_EXPANDED or len(self.below) >= DEEPEST_EXPANSION:
            raise ReadingError(self.name, "has macros that call themselves, or one another too often. Correct them.")
        self.below.append((self.text, self.place))
        self.text, self.place = body, 0

    def skip_blanks(self) -> str:
        """Skip blanks and comments, but no blank line; returns the next character, empty at the end."""
        if not self.settle():
            return ""
        end = self.match_end(BLANKS)
        if self.text.count("\n", self.place, end) < 2 or "%" in self.text[self.place : end]:
            self.place = end
        return self.text[self.place : self.place + 1] if self.settle() else ""

    def match_end(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.place)
        return found.end() if found else self.place

    def following(self) -> str:
        """The next character, empty at the end; nothing is skipped."""
        return self.text[self.place] if self.settle() else ""

    def take(self, sign: str) -> bool:
        """Take the sign if it is next."""
        if self.settle() and self.text.startswith(sign, self.place):
            self.place += len(sign)
            return True
        return False

    def option(self) -> str | None:
        """The content of square brackets, if they are next."""
        if not self.settle():
            return None
        place = self.place
        if self.skip_blanks() != "[":
            self.place = place if place <= len(self.text) else self.place
            return None
        depth = 0
        for found in IN_BRACKETS.finditer(self.text, self.place + 1, self.place + LONGEST_OPTION):
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            if found[0] == "]" and depth <= 0:
                inside = self.text[self.place + 1 : found.start()]
                self.place = found.end()
                return COMMENT.sub("", inside)
        self.place = place
        self.fail()
        return None

    def argument(self, *, address: bool = False) -> str:
        """The content of braces, or one token without any; `address`: in which "%" begins no comment."""
        following = self.skip_blanks()
        if following != "{":
            found = ONE_TOKEN.match(self.text, self.place) if following else None
            self.place = found.end() if found else self.place
            return found[0] if found else ""
        depth = 0
        inside = IN_ADDRESS if address else IN_BRACES
        for found in inside.finditer(self.text, self.place, self.place + LONGEST_ARGUMENT):
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            if depth == 0 and found[0] == "}":
                content = self.text[self.place + 1 : found.start()]
                self.place = found.end()
                return content if address else COMMENT.sub("", content)
        self.fail()
        start = self.place + 1
        end = self.text.find("\n", start)
        self.place = len(self.text) if end < 0 else end
        return self.text[start : self.place]

    def until(self, end: str, most: int = LONGEST_ARGUMENT) -> str | None:
        """What comes before some words, which are skipped too; None if they do not come within `most` characters."""
        if not self.settle():
            return None
        found = self.text.find(end, self.place, self.place + most)
        if found < 0:
            return None
        before = self.text[self.place : found]
        self.place = found + len(end)
        return before

    def fail(self) -> None:
        """Count what is not closed. Raises ReadingError if it is too much."""
        self.unclosed += 1
        if self.unclosed > MOST_UNCLOSED:
            raise ReadingError(self.name, "has too many braces or environments that are not closed. Correct it.")
