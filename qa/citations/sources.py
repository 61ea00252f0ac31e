"""Find the works that sentences mention, with or without a reference, and the noun phrase for each.

A phrase counts as a source if it is cited, if it identifies the work (a year, a size, a name), or if it reports
something ("studies have shown"). "The study" alone refers back and is left to `attach`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from qa.citations.agents import find_actors
from qa.citations.noun_phrases import (
    ARTICLES,
    DEFINITE,
    DID,
    INDEFINITE,
    NOUN,
    PLURAL,
    REPORTS,
    VERB_AHEAD,
    NounPhrase,
    find_noun_phrases,
    kind_of_noun,
)
from qa.citations.person_names import word_set
from qa.models import Citation, Reference, Sentence, Source

# Missing or future studies are not sources.
ABSENT_BEFORE = re.compile(
    r"\b(?:no|few|little|lack of|need(?:s|ed)? (?:for|of)?|needs? more|await\w*|future|further|more|ongoing|planned|"
    r"upcoming|without|any|whether|additional)\s+(?:[\w-]+\s+){0,4}\Z|\b(?:need|needs|await|awaits|require|requires)\s+"
    r"(?:[\w-]+\s+){0,3}\Z",
    re.IGNORECASE,
)
ABSENT_AFTER = re.compile(
    r"\s+(?:(?:is|are|was|were|remains?|will be) (?:still |now |urgently |clearly |also )?"
    r"(?:needed|warranted|required|lacking|scarce|ongoing|under ?way|planned|limited|missing|recruiting|awaited))\b"
)

# Nor are studies that were not done or are yet to be done: "have never been tested for this in a trial".
STUDIED = (
    r"(?:studied|tested|tried|trialled|examined|explored|assessed|evaluated|investigated|researched|compared|measured|"
    r"looked at|shown|seen|found|reported|demonstrated|established|confirmed|verified|proved|proven|replicated)"
)
NOT_STUDIED = re.compile(
    r"(?:(?:\b(?:not|never|nor|neither|no|none|nobody|nothing)|n['’]t)(?: [\w'’-]+){0,6} been(?: \w+){0,2}|"
    r"(?:\b(?:not|never)|n['’]t)(?: \w+ly| yet| ever)?|"
    r"\b(?:must|should|could|might|may|can|will|would|to|cannot)(?: not)? be(?: \w+ly)?)"
    rf" {STUDIED}(?: [\w'’-]+){{0,6}} \Z",
    re.IGNORECASE,
)

# The kind of a source with an unresolved citation: not shown by name, but "the study" may refer to it.
UNKNOWN = "unknown"
IN_A_CLAUSE = re.compile(r"\b(?:that|which|who) (?:\w+ ){0,2}\Z")  # "a review that pooled 10 trials"
USED_AS_SOURCE = re.compile(r"\b(?:according to|in|from|by)\s+\Z", re.IGNORECASE)
QUANTITIES = word_set("two three four five six seven eight nine ten eleven twelve")
A_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
A_NAME = re.compile(
    r"(?<![.!?:]\s)(?<!^)\b(?!(?:The|This|That|These|Those|Its|Their|Both)\b)(?:[A-Z][A-Za-z]*[A-Z][A-Za-z0-9-]*|[A-Z][a-z]{2,})\b"
)
SIZE = re.compile(r"\(\s*(?:n\s*=\s*)?\d|\bof \d|\bn\s*=\s*\d|\b\d{2,}[ ,]")
# "Takahashi et al. measured", without a citation.
SURNAME_LED = re.compile(
    r"(?<![\w(])(?P<name>[A-Z][\w'’-]+)(?: et al\.?| and (?:(?:his|her|their) )?(?:colleagues|co-?workers|co-?authors|"
    r"associates))(?=\s+[a-z(\[])"
)


def find_sources(
    text: str, sentences: Sequence[Sentence], citations: Sequence[Citation], references: Mapping[str, Reference]
) -> list[Source]:
    """The sources in reading order; those with `references` are cited, the others only named."""
    ordered = sorted(citations, key=lambda citation: citation.start)
    starts = [citation.start for citation in ordered]
    found: list[Source] = []
    for sentence in sentences:
        if sentence.kind == "claim":
            marks = ordered[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
            for source in sources_of(text, sentence, marks, references):
                found.append(replace(source, id=f"w{len(found) + 1}"))
    return found


def sources_of(
    text: str, sentence: Sentence, marks: Sequence[Citation], references: Mapping[str, Reference]
) -> list[Source]:
    """The sources of one sentence, still without ids."""
    phrases = list(find_noun_phrases(text, sentence, marks))
    owners = bind_citations(text, sentence, phrases, marks)
    found = []
    for number, phrase in enumerate(phrases):
        cited = tuple(dict.fromkeys(id for mark in owners.get(number, ()) for id in mark.references))
        if cited or (number not in owners and names_a_work(text, sentence, phrase)):
            generic = not cited and is_generic(text, phrase)
            definite = phrase.article in DEFINITE
            named = text[phrase.start : phrase.end]
            found.append(Source("", phrase.start, phrase.end, named, phrase.kind, definite, generic, cited))
    for mark in marks:
        if mark.references and not any(mark in owned for owned in owners.values()):
            kind = kind_of_works(mark.references, references)
            found.append(Source("", mark.start, mark.end, mark.text, kind, False, False, mark.references))
        if mark.unresolved:
            found.append(Source("", mark.start, mark.end, mark.text, UNKNOWN))
    if not marks:
        found += named_by_surname(text, sentence)
        found += (actor for actor in find_actors(text, sentence) if not any(overlap(actor, one) for one in found))
    return sorted(found, key=lambda source: source.start)


def overlap(one: Source, other: Source) -> bool:
    return one.start < other.end and other.start < one.end


# --- which phrase a citation belongs to ----------------------------------------------------------


def bind_citations(
    text: str, sentence: Sentence, phrases: Sequence[NounPhrase], marks: Sequence[Citation]
) -> dict[int, list[Citation]]:
    """Citations by the number of the phrase they belong to.

    That is the phrase they are in or next to, or else the last earlier one that introduces a work and has no citation
    yet. A citation directly after another belongs to the same phrase.
    """
    owners: dict[int, list[Citation]] = {}
    works = [number for number, phrase in enumerate(phrases) if introduces_work(text, sentence, phrase)]
    after, owner = sentence.start, None
    for mark in marks:
        inside = [n for n, p in enumerate(phrases) if p.start < mark.start and not text[p.end : mark.start].strip()]
        free = [number for number in works if after <= phrases[number].start < mark.start]
        beside = mark.start - after <= 3 and after > sentence.start
        owner = inside[-1] if inside else owner if beside else free[-1] if free else None
        if owner is not None:
            owners.setdefault(owner, []).append(mark)
        after = mark.end
    return owners


def introduces_work(text: str, sentence: Sentence, phrase: NounPhrase) -> bool:
    """Whether a citation later in the sentence can belong to the phrase: "a trial …", "studies have shown …"."""
    return phrase.article in INDEFINITE or names_a_work(text, sentence, phrase)


# --- phrases without a citation ------------------------------------------------------------------


def names_a_work(text: str, sentence: Sentence, phrase: NounPhrase) -> bool:
    """Whether a phrase without a citation introduces a work: it identifies one, or it reports something."""
    before, after = text[sentence.start : phrase.start], text[phrase.end : sentence.end]
    if (
        IN_A_CLAUSE.search(before)
        or ABSENT_BEFORE.search(text[sentence.start : phrase.noun.start])
        or ABSENT_AFTER.match(after)
    ):
        return False
    identified = is_identified(text, sentence, phrase)
    if phrase.article in DEFINITE:
        return identified and bool(VERB_AHEAD.match(after) or USED_AS_SOURCE.search(before))
    reports = bool(REPORTS.match(after))
    if PLURAL.search(text[slice(*phrase.noun)]) or phrase.article not in ARTICLES:
        return reports or (identified and bool(VERB_AHEAD.match(after)))
    used = USED_AS_SOURCE.search(before) and not NOT_STUDIED.search(before)
    return identified or reports or bool(used or DID.match(after))


def is_identified(text: str, sentence: Sentence, phrase: NounPhrase) -> bool:
    """Whether the phrase identifies the work: by year or name, or by size unless it has a definite article."""
    left, right = text[phrase.start : phrase.noun.start], text[phrase.noun.end : phrase.end]
    if A_YEAR.search(left) or A_NAME.search(" " + left if phrase.start > sentence.start else left):
        return True
    return phrase.article not in DEFINITE and bool(A_YEAR.search(right) or SIZE.search(right))


def is_generic(text: str, phrase: NounPhrase) -> bool:
    """Whether no particular work is meant: "reviews", "other research", "several trials"."""
    noun = text[slice(*phrase.noun)]
    left = text[phrase.start : phrase.noun.start]
    if not PLURAL.search(noun):
        return False
    counted = phrase.article in QUANTITIES or bool(re.match(r"\d", left))
    return not (counted or phrase.article in DEFINITE or A_YEAR.search(left) or phrase.kind == "guideline")


# Kinds of work that titles state, the most reliable first.
KINDS_IN_TITLES = ("meta-analysis", "guideline", "review", "cohort", "survey", "trial")


def kind_of_works(ids: Iterable[str], references: Mapping[str, Reference]) -> str:
    """The kind of work given by the titles if they agree, otherwise ""."""
    kinds = {kind_of_title(references[id]) for id in ids if id in references}
    return kinds.pop() if len(kinds) == 1 else ""


def kind_of_title(reference: Reference) -> str:
    if "cochrane database" in str(reference.csl.get("container-title", "")).lower():
        return "review"
    kinds = {kind_of_noun(match[0]) for match in NOUN.finditer(str(reference.csl.get("title", "")).lower())}
    return next((kind for kind in KINDS_IN_TITLES if kind in kinds), "")


def named_by_surname(text: str, sentence: Sentence) -> Iterator[Source]:
    """Yield sources named by author in a sentence without citations: "Takahashi et al. measured …"."""
    for match in SURNAME_LED.finditer(text, sentence.start, sentence.end):
        if REPORTS.match(text, match.end(), sentence.end) or VERB_AHEAD.match(text, match.end(), sentence.end):
            yield Source("", match.start(), match.end(), match[0], "", False, False, ())
