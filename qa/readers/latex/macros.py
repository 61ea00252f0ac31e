r"""Macros that a file defines (`\newcommand{\drug}{naltrexone}`), to be put in their place where they are used."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.readers.latex.source import TexSource

NAME = re.compile(r"\s*\{?\s*\\(?P<name>[a-zA-Z@]+|.)\s*\}?\s*(?P<equals>=\s*)?", re.DOTALL)
PARAMETERS = re.compile(r"(?P<plain>(?:#\d)*)[^{\\\n]*")
PARAMETER = re.compile(r"#(?P<number>[1-9])")
# What a body of TeX's own language has: such macros compute something, and are not put in their place.
COMPUTED = re.compile(
    r"@|\\(?:if|csname|expandafter|futurelet|def|gdef|let|catcode|newcount|global|vrule|hrule|hbox to)"
)
DEFINE = frozenset(
    {"newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "newrobustcmd", "renewrobustcmd"}
)
DEFINE_WITH_TEX = frozenset({"def", "gdef", "edef", "xdef"})
MOST_PARAMETERS = 9


class Macro(NamedTuple):
    """A macro: how many arguments it takes, what the first one is if it is not given, and its body. A body that
    computes something is None."""

    arguments: int
    default: str | None
    body: str | None


class Macros:
    """The macros that were defined so far, by name."""

    def __init__(self) -> None:
        self.known: dict[str, Macro] = {}

    def bodies(self) -> dict[str, str]:
        """The bodies of those without arguments."""
        return {
            name: macro.body for name, macro in self.known.items() if not macro.arguments and macro.body is not None
        }

    def define(self, source: TexSource, command: str) -> tuple[str, Macro] | None:
        r"""Read what follows a command such as `\newcommand`; None if it is no definition that can be read."""
        if command in DEFINE:
            source.take("*")
        source.skip_blanks()
        found = NAME.match(source.text, source.place)
        if found is None:
            return None
        source.place = found.end()
        if command == "let":
            return found["name"], Macro(0, None, source.argument())
        if command == "DeclareMathOperator":
            return found["name"], Macro(0, None, rf"\operatorname{{{source.argument()}}}")
        if command in DEFINE_WITH_TEX:
            return found["name"], with_tex(source)
        count = source.option() or "0"
        default = source.option()
        arguments = min(int(count), MOST_PARAMETERS) if count.strip().isdecimal() else 0
        return found["name"], as_macro(arguments, default, source.argument())

    def expand(self, source: TexSource, macro: Macro) -> str | None:
        """Read the arguments of a macro and put its body in its place; returns the arguments of one that computes
        something, as a text to be read."""
        optional = source.option() if macro.default is not None else None
        given = [macro.default if optional is None else optional] if macro.default is not None else []
        given += [source.argument() for _ in range(macro.arguments - len(given))]
        if macro.body is None:
            return " ".join(words for words in given if words)
        values = [value or "" for value in given]
        source.expand(PARAMETER.sub(lambda found: given_argument(values, int(found["number"])), macro.body))
        return None


def given_argument(values: list[str], number: int) -> str:
    return values[number - 1] if number <= len(values) else ""


def as_macro(arguments: int, default: str | None, body: str) -> Macro:
    return Macro(arguments, default, None if COMPUTED.search(body) else body)


def with_tex(source: TexSource) -> Macro:
    r"""The rest of `\def\name#1#2{body}`; signs between the arguments are not known."""
    found = PARAMETERS.match(source.text, source.place)
    if found is None:
        return Macro(0, None, None)
    source.place = found.end()
    if found.end() > found.end("plain"):
        source.argument()
        return Macro(0, None, None)
    return as_macro(min(len(found["plain"]) // 2, MOST_PARAMETERS), None, source.argument())
