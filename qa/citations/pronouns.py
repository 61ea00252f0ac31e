"""Whether "they", "she" and "it" mean the source of the sentence before: only if it was the subject there."""

from __future__ import annotations

import re

from qa.citations.actors import ACTOR
from qa.citations.cues import OPENING
from qa.citations.names import SURNAME
from qa.citations.past import Held, Past
from qa.citations.phrases import NOUN

COMPANY = (
    rf"(?:,? et al\.?|(?:, {SURNAME}){{0,5}},? (?:and|&) (?:(?:his|her|their) )?(?:colleagues|co-?workers|co-?authors|"
    rf"associates|{SURNAME}))"
)
LEAD = re.compile(rf"{OPENING}(?i:(?:in|at|by|since|after|among|for|using) [^,;:()]{{1,60}}, )?", re.IGNORECASE)
NAMES = re.compile(rf"(?:{SURNAME}(?:{COMPANY})?(?:['’]s?)?\s*)?")
AUTHORS_AGAIN = re.compile(
    rf"{OPENING}(?:(?:they|she|he)\b|(?:the|its|their|these|those) (?:same )?(?:study |trial |review )?(?:authors|"
    rf"investigators|researchers|reviewers|scientists|team)\b|(?-i:{SURNAME}){COMPANY})",
    re.IGNORECASE,
)
STUDY_AGAIN = re.compile(
    rf"{OPENING}(?:it\b|(?:the|this|that|its|their) (?:[\w-]+ ){{0,3}}{NOUN.pattern})", re.IGNORECASE
)
# Those who are studied tell and find as well.
STUDIED = re.compile(
    r"\b(?:patients|participants|people|persons|children|adults|women|men|pupils|students|teachers|farmers|parents|"
    r"families|adolescents|teenagers|volunteers|residents|workers|nurses|doctors|users|households|respondents|carers|"
    r"mothers|fathers|officers|tenants|drivers|consumers|voters|veterans|prisoners|inmates|developers|managers)\b",
    re.IGNORECASE,
)
ONLY_AUTHORS = re.compile(
    r"(?:conclud|estimat|suggest|compar|examin|assess|test|includ|enrol|recruit|randomi|follow|pool|argu|recommend|"
    r"demonstrat|reveal|caution|attribut|propos)\w*\Z"
)


def means_source(past: Past, near: int, pronoun: str, verb: str) -> bool:
    """Whether the pronoun means the one source of the sentence `near`."""
    if len(past.held[near]) != 1:
        return False
    held, words = past.held[near][0], past.words_of(near)
    if pronoun in ("it", "its"):
        return told_by_study(past, near, held)
    return told_by_authors(past, near, held) and (not STUDIED.search(words) or bool(ONLY_AUTHORS.match(verb)))


def told_by_study(past: Past, near: int, held: Held) -> bool:
    if held.steps:
        return bool(STUDY_AGAIN.match(past.words_of(near)))
    return (
        bool(held.source.kind) and not held.source.text.startswith(("(", "[")) and leads(past, near, held.source.start)
    )


def told_by_authors(past: Past, near: int, held: Held) -> bool:
    """Whether the subject of the sentence is who wrote its source: "Lee et al. [1]", "A team at Yale", "They"."""
    if held.steps:
        return bool(AUTHORS_AGAIN.match(past.words_of(near)))
    if held.source.kind == ACTOR or (held.source.text[0].isalpha() and not NOUN.search(held.source.text.lower())):
        return leads(past, near, held.source.start)
    return leads(past, near, held.source.start, NAMES) and not leads(past, near, held.source.start)


def leads(past: Past, near: int, position: int, names: re.Pattern[str] | None = None) -> bool:
    """Whether a sentence begins at the position, but for a few words and a comma; `names` may stand between."""
    start = past.sentences[near].start
    opening = LEAD.match(past.text, start, position)
    begin = opening.end() if opening else start
    return begin == position or bool(names and names.fullmatch(past.text, begin, position))
