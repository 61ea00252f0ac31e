"""Raised and lowered characters in Unicode: 10⁶ must not become 106."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

# Characters of a raised or lowered stretch as they are written, given the text before them.
Script = Callable[[str, str], str]

RAISED = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻–⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋–₌₍₎")
RAISABLE = re.compile(r"(?=.*[\d+\-−–ni])(?!.*[ni]{2})[\s\d+\-−–=()ni,;]{1,200}", re.DOTALL | re.ASCII)
LOWERABLE = re.compile(r"(?=.*[\d+\-−–])[\s\d+\-−–=()]{1,200}", re.DOTALL | re.ASCII)
# A dash after a number is one of a range; otherwise it is a sign.
RANGE = re.compile(r"(?<=[⁰¹²³⁴-⁹⁾₀-₉₎])[⁻₋](?=[⁰¹²³⁴-⁹₀-₉])")
SIGN = re.compile(r"(?<![⁰¹²³⁴-⁹⁾₀-₉₎])–")
# Blanks within a stretch; those at its edges part it from the words beside it.
INNER_BLANKS = re.compile(r"(?<=[,;–-])\s+|\s+(?=[,;–-])|(?<=\S)\s+(?=\S)")


def find_script(position: Literal["sup", "sub"], whole: str) -> Script | None:
    """How to write a raised or lowered stretch, of which `whole` is the text; None for letters, which stay as they are
    ("1st"), as does what Unicode has no characters for."""
    if position == "sup":
        return as_raised if RAISABLE.fullmatch(whole) else None
    return as_lowered if LOWERABLE.fullmatch(whole) else None


def as_raised(text: str, before: str) -> str:
    return with_dashes(INNER_BLANKS.sub("", text).translate(RAISED), before[-1:], "⁻")


def as_lowered(text: str, before: str) -> str:
    return with_dashes(INNER_BLANKS.sub("", text).translate(LOWERED), before[-1:], "₋")


def with_dashes(text: str, before: str, sign: str) -> str:
    """The text with its dashes as those of ranges or as signs."""
    return SIGN.sub(sign, RANGE.sub("–", before + text))[len(before) :]


def separated(position: Literal["sup", "sub"], whole: str, before: str) -> str:
    """What to write before a number that cannot be raised or lowered, so that it is not taken for the end of the number
    before it: 10^6.5."""
    if not whole[:1].isdigit() or not before[-1:].isdigit():
        return ""
    return "^" if position == "sup" else "_"
