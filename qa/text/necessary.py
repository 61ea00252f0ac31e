"""What a text must have for a regular expression to match it, read from the syntax tree of the expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from math import inf
from re import _constants as ops
from re import _parser as parser
from typing import Any

Strings = frozenset[str]
Operation = tuple[Any, Any]  # of a syntax tree: what to match, and its arguments

DIGIT, EDGE = "0", "\b"  # stand for any digit, and for the beginning or end of a word
ANY_DIGIT = re.compile(r"\d")
WHOLE_WORD = re.compile(r"\w+")
EMPTY = frozenset({""})
MOST_STRINGS = 32  # that a part of a pattern is written out as: nine units of time, in singular and plural
WHITE_SPACE = list(parser.parse(r"\s"))
REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)


def necessary(pattern: re.Pattern[str]) -> list[Strings]:
    """Sets of strings: every match of the pattern contains one of each set. None for a pattern that ignores case."""
    if pattern.flags & re.IGNORECASE:
        return []
    return list(dict.fromkeys(map(shortest, of_sequence(parser.parse(pattern.pattern, pattern.flags)))))


def is_within_words(pattern: re.Pattern[str]) -> bool:
    """Whether a pattern matches a text just if it matches one of the pieces of the text between white space: nothing
    that it matches or looks at is white space."""
    operations = parser.parse(pattern.pattern, pattern.flags)
    shortest_match, _ = operations.getwidth()
    return shortest_match > 0 and all(map(is_narrow, operations))


def is_narrow(operation: Operation) -> bool:
    """Whether an operation neither matches nor looks at white space."""
    kind, arguments = operation
    if kind is ops.AT:
        return arguments is ops.AT_BOUNDARY
    if kind is ops.LITERAL:
        return not chr(arguments).isspace()
    if kind is ops.IN:
        return all(map(is_narrow, arguments))
    if kind is ops.RANGE:
        return not any(chr(character).isspace() for character in range(arguments[0], arguments[1] + 1))
    if kind is ops.CATEGORY:
        return arguments in (ops.CATEGORY_DIGIT, ops.CATEGORY_WORD)
    if kind in (ops.ASSERT, ops.ASSERT_NOT):
        return all(map(is_narrow, arguments[1]))
    if kind is ops.SUBPATTERN:
        return all(map(is_narrow, arguments[3]))
    if kind in REPEATS:
        return all(map(is_narrow, arguments[2]))
    return kind is ops.BRANCH and all(is_narrow(each) for branch in arguments[1] for each in branch)


def most_pieces(pattern: re.Pattern[str]) -> float:
    """Over how many pieces of a text between white space a match extends at most."""
    return 1 + sum(map(most_blanks, parser.parse(pattern.pattern, pattern.flags)))


def most_blanks(operation: Operation) -> float:
    """How often white space is at most in what an operation matches; several blanks together count once."""
    kind, arguments = operation
    if kind in (ops.ASSERT, ops.ASSERT_NOT) or is_narrow(operation):
        return 0
    if kind is ops.SUBPATTERN:
        return sum(map(most_blanks, arguments[3]))
    if kind is ops.BRANCH:
        return max(sum(map(most_blanks, branch)) for branch in arguments[1])
    if kind in REPEATS:
        return 1 if list(arguments[2]) == WHITE_SPACE else arguments[1] * sum(map(most_blanks, arguments[2]))
    return 1 if kind in (ops.LITERAL, ops.NOT_LITERAL, ops.IN, ops.ANY) else inf


def of_sequence(operations: Iterable[Operation], before: Strings = EMPTY) -> list[Strings]:
    """What is necessary for several operations one after the other, the first one after one of the strings `before`:
    what neighbouring ones match is joined."""
    found, here = [], before
    for operation in operations:
        written = written_out(operation)
        once = repeated(operation) if written is None else None
        joined = combined([here, written or once])
        if written and joined:
            here = joined
            continue
        found += [joined or here, *(() if written or once else of_operation(operation, here))]
        here = written or once or EMPTY
    pieces = (frozenset(map(telling_piece, strings)) for strings in (*found, here))
    return [strings for strings in pieces if all(strings)]


def of_operation(operation: Operation, before: Strings) -> list[Strings]:
    """What is necessary for an operation, after one of the strings `before`, that matches too many strings to write
    them out."""
    kind, arguments = operation
    if kind is ops.SUBPATTERN and not arguments[1]:
        return of_sequence(arguments[3], before)
    if kind in REPEATS and arguments[0]:
        return of_sequence(arguments[2], before)
    if kind is ops.BRANCH:
        each = [max(of_sequence(branch, before), key=rarity, default=EMPTY) for branch in arguments[1]]
        return [frozenset[str]().union(*each)]
    return []


def repeated(operation: Operation) -> Strings | None:
    """The strings that an operation repeats once or more often; None for another operation."""
    kind, arguments = operation
    return combined(map(written_out, arguments[2])) if kind in REPEATS and arguments[0] else None


def written_out(operation: Operation) -> Strings | None:
    """All strings that an operation matches; None if there are too many."""
    kind, arguments = operation
    if kind is ops.AT:
        return frozenset({EDGE}) if arguments is ops.AT_BOUNDARY else EMPTY
    if kind in (ops.ASSERT, ops.ASSERT_NOT):
        return EMPTY
    if kind is ops.LITERAL:
        return frozenset({simplified(chr(arguments))})
    if kind is ops.IN:
        return characters(arguments)
    if kind is ops.SUBPATTERN and not arguments[1]:
        return combined(map(written_out, arguments[3]))
    if kind is ops.BRANCH:
        branches = [combined(map(written_out, branch)) for branch in arguments[1]]
        return frozenset[str]().union(*filter(None, branches)) if all(branches) else None
    if kind in REPEATS and arguments[1] == 1:
        once = combined(map(written_out, arguments[2]))
        return once | EMPTY if once and not arguments[0] else once
    return None


def characters(members: Sequence[Operation]) -> Strings | None:
    """The characters of a class; None if there are too many."""
    found: set[str] = set()
    for kind, value in members:
        if kind is ops.LITERAL:
            found.add(simplified(chr(value)))
        elif kind is ops.RANGE and value[1] - value[0] < MOST_STRINGS:
            found.update(map(simplified, map(chr, range(value[0], value[1] + 1))))
        elif (kind, value) == (ops.CATEGORY, ops.CATEGORY_DIGIT):
            found.add(DIGIT)
        else:
            return None
    return frozenset(found)


def simplified(character: str) -> str:
    return DIGIT if ANY_DIGIT.match(character) else character


def combined(parts: Iterable[Strings | None]) -> Strings | None:
    """What one string of each part, one after the other, may be; None if that is too many."""
    every: Strings = EMPTY
    for part in parts:
        if part is None or len(every) * len(part) > MOST_STRINGS:
            return None
        every = frozenset(map("".join, product(every, part)))
    return every


# --- which strings to look for --------------------------------------------------------------------


def telling_piece(string: str) -> str:
    """What to look for instead of a string: its longest word or part of a word, with an EDGE where that begins or ends;
    a symbol if it has no letters; nothing if it has only white space."""
    pieces = [
        EDGE * (word.start() > 0) + word[0] + EDGE * (word.end() < len(string)) for word in WHOLE_WORD.finditer(string)
    ]
    longest = max(pieces, key=len, default="")
    symbols = [character for character in string if not (character.isalnum() or character.isspace())]
    return longest if longest.strip(EDGE + DIGIT) else next((each for each in symbols if each not in EDGE), longest)


def rarity(strings: Strings) -> int:
    """How rare texts are that have one of these strings; digits are frequent, symbols are not."""
    return min(len(piece) * bool(piece.strip(EDGE + DIGIT)) + 3 * (len(piece) == 1) for piece in strings)


def shortest(strings: Strings) -> Strings:
    """The strings without those that contain another one."""
    return frozenset(each for each in strings if not any(other != each and other in each for other in strings))
