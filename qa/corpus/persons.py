"""Names of authors and editors in bibliographies, as CSL names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.text.characters import is_balanced

SUFFIX = re.compile(r"(?:[JS]r\.?|I{2,3}|IV)", re.IGNORECASE)
OTHERS = frozenset({"others", "et al", "et al.", "and others"})
# Words of the names of organisations. A name with a comma is a person's all the same.
ORGANISATION = re.compile(
    r"\b(?:organi[sz]ation|university|ministry|department|institut\w*|agency|associations?|committee|group|network|"
    r"collaborat\w+|society|council|cent(?:re|er)|foundation|commission|office|bureau|team|consortium|bank|college|"
    r"academy|federation|trust|services?|investigators|panel|programme|union|board|authority|inc|ltd|gmbh)\b|"
    r"\s(?:of|for|and)\s|&",
    re.IGNORECASE,
)
# "Reyes A.", "Ito BC": a family name and initials, as in lists that separate names by commas alone.
WITH_INITIALS = re.compile(r"([^\W\d_][\w'’ -]*?) ((?:[A-Z]\.?[ -]?){1,4})")
INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,4}")
AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def names_in_bibtex(names: str) -> list[str]:
    """The names of a BibTeX field, which "and" separates where it is not in braces; semicolons, and commas between
    names with initials, are read as "and" too."""
    parts, start = [], 0
    for joint in AND.finditer(names):
        if is_balanced(names[start : joint.start()]):
            parts.append(names[start : joint.start()])
            start = joint.end()
    parts.append(names[start:])
    if len(parts) == 1 and ";" in names and "{" not in names:
        parts = names.split(";")
    return [name for part in parts for name in with_initials(part.strip()) if name]


def with_initials(names: str) -> list[str]:
    """ "Reyes A., Ito B." as "Reyes, A." and "Ito, B."; everything else unchanged."""
    found = [WITH_INITIALS.fullmatch(name.strip()) for name in names.split(",")]
    if len(found) > 1 and all(found):
        return [f"{name[1]}, {name[2].strip()}" for name in found if name]
    return [names]


def people_of(names: Sequence[str], read: Callable[[str], dict[str, str]]) -> tuple[list[dict[str, str]], bool]:
    """The names as CSL names, and whether the list says that there are others."""
    named = [name for name in names if name.strip().strip(",").casefold() not in OTHERS]
    people = [person for name in named if (person := read(name))]
    return people, len(named) < len(names)


def person_of(name: str) -> dict[str, str]:
    """A CSL name from "Family, Given", "Family, Jr, Given" or "Given Family"; an organisation is kept whole."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1:
        return person_without_comma(parts[0])
    family, *rest = parts
    suffixes = [part for part in rest if SUFFIX.fullmatch(part)]
    given = ", ".join(part for part in rest if part and part not in suffixes)
    if not (given or suffixes):
        return {"literal": family} if " " in family else csl_name(family=family)
    return csl_name(family=family, given=given, suffix=suffixes[0] if suffixes else "")


def person_without_comma(name: str) -> dict[str, str]:
    words = name.split()
    if len(words) < 2:
        return csl_name(family=name)
    if ORGANISATION.search(name):
        return {"literal": name}
    if INITIALS.fullmatch(words[-1]) and not words[0].isupper() and "." not in words[0]:  # "Reyes AB"
        return csl_name(family=" ".join(words[:-1]), given=words[-1])
    # "Ludwig van Beethoven": the family name begins with the first word in lower case
    first = next((number for number, word in enumerate(words[1:-1], 1) if word[0].islower()), len(words) - 1)
    return csl_name(family=" ".join(words[first:]), given=" ".join(words[:first]))


def csl_name(**parts: str) -> dict[str, str]:
    return {key: value for key, value in parts.items() if value}
