"""The works that sentences speak of: each by the noun phrase that names it, with or without a reference.

A phrase is read from its noun outwards: left to its article, right over what modifies it ("A 2023 systematic review
of 11 studies (854 adults)"). It names a work when it is cited, when it says which one (a year, a number, a name), or
when it reports something ("studies have shown"). "The study" alone names none: it refers back, which is for `attach`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from qa.citations.names import words
from qa.models import Citation, Reference, Sentence, Source, Span

# The nouns that works go by, and the kind that each says; the first that fits.
KINDS: dict[str, str] = {
    "meta-analysis": r"(?:network |umbrella |individual[- ]patient[- ]data )?meta[- ‐‑]?analys[ei]s|pooled analys[ei]s",
    "guideline": r"guidelines?|guidance|position statements?|consensus statements?",
    "review": r"(?:systematic|scoping|narrative|literature|umbrella|rapid|Cochrane) reviews?|(?<!peer )reviews?"
    r"|review articles?|evidence synthes[ei]s",
    "cohort": r"(?:cohort|case[- ]control|registry|register|observational|longitudinal|cross[- ]sectional|follow[- ]up|"
    r"prospective|retrospective)(?:[- ]based)?(?: \w+)? stud(?:y|ies)|cohorts?",
    "case report": r"case (?:reports?|series|stud(?:y|ies))",
    "survey": r"surveys?|polls?|census(?:es)?",
    "trial": r"trials?|RCTs?|experiments?",
    "report": r"reports?|audits?|evaluations?|assessments?|white papers?|inquir(?:y|ies)",
    "paper": r"papers?|articles?|publications?|analys[ei]s|investigations?|theses|thesis|preprints?",
    "study": r"stud(?:y|ies)",
    "research": r"(?:research(?! (?:question|centre|center|council|team|group|unit|fund))|literature)",
}
NOUN = re.compile(rf"\b(?:{'|'.join(KINDS.values())})\b", re.IGNORECASE)
KIND_OF = {kind: re.compile(rf"(?:{pattern})\Z", re.IGNORECASE) for kind, pattern in KINDS.items()}
PLURAL = re.compile(r"(?:ies|[^s]s|[aeo]ses|series|research|literature|guidance)\Z", re.IGNORECASE)

REPORTING = (
    r"(?:found|finds?|report(?:s|ed)?|show(?:s|ed|n)?|demonstrat(?:es?|ed)|conclud(?:es?|ed)|suggest(?:s|ed)?|"
    r"observ(?:es?|ed)|not(?:es?|ed)|indicat(?:es?|ed)|reveal(?:s|ed)?|estimat(?:es?|ed)|identif(?:y|ies|ied)|"
    r"confirm(?:s|ed)?|argu(?:es?|ed)|recommend(?:s|ed)?|stat(?:es?|ed)|emphasi[sz](?:es?|ed)|highlight(?:s|ed)?|"
    r"describ(?:es?|ed)|document(?:s|ed)?|detect(?:s|ed)?|record(?:s|ed)?|measur(?:es?|ed)|advis(?:es?|ed)|"
    r"link(?:s|ed)?|support(?:s|ed)?|point(?:s|ed)?|warn(?:s|ed)?|caution(?:s|ed)?|attribut(?:es?|ed)|"
    r"discover(?:s|ed)?|establish(?:es|ed)?|predict(?:s|ed)?|agree(?:s|d)?|call(?:s|ed)? for|propos(?:es?|ed))"
)
# What else a work does or undergoes, in the active voice or the passive.
CONDUCT = (
    r"(?:compar(?:es?|ed)|examin(?:es?|ed)|test(?:s|ed)?|evaluat(?:es?|ed)|assess(?:es|ed)?|investigat(?:es?|ed)|"
    r"includ(?:es?|ed)|enroll?ed|randomi[sz]ed|recruited|follow(?:s|ed)|pool(?:s|ed)|analy[sz](?:es?|ed)|"
    r"stud(?:ies|ied)|search(?:es|ed)|cover(?:s|ed)|look(?:s|ed)|survey(?:s|ed)|put|led|gave|sampled|tracked|asked|"
    r"interviewed|counted|used|us(?:es|ing)|focus(?:es|ed)|support(?:s|ed)|provid(?:es?|ed)|set|saw|"
    r"was|were|is|are|has|have|had|did|does|do|could|may|might|can|will|would|should|must|began|ran|ended|took)"
)
ADVERBS = r"(?:(?:also|both|later|recently|further|\w+ly|not|never|been|since|now|all) ){0,3}"
REPORTS = re.compile(rf"[*_]*\s+{ADVERBS}(?:(?:have|has|had|did|do|does) {ADVERBS})?{REPORTING}\b")
VERB_AHEAD = re.compile(rf"[*_]*\s+{ADVERBS}(?:{REPORTING}|{CONDUCT})\b")
# What is missing or to come is no source.
WANTING = re.compile(
    r"\b(?:no|few|little|lack of|need(?:s|ed)? (?:for|of)?|needs? more|await\w*|future|further|more|ongoing|planned|"
    r"upcoming|without|any|whether|additional)\s+(?:[\w-]+\s+){0,4}\Z|\b(?:need|needs|await|awaits|require|requires)\s+"
    r"(?:[\w-]+\s+){0,3}\Z",
    re.IGNORECASE,
)
WANTED = re.compile(
    r"\s+(?:(?:is|are|was|were|remains?|will be) (?:still |now |urgently |clearly |also )?"
    r"(?:needed|warranted|required|lacking|scarce|ongoing|under ?way|planned|limited|missing|recruiting|awaited))\b"
)

LEFT_WORD = re.compile(r"(?:^|[\s(“\"‘'—–])([\w'’./&+-]+),?\s+\Z")
ARTICLES = words("a an one another the this that these those both its their our")
DEFINITE = ARTICLES - words("a an one another")
QUANTITIES = words("two three four five six seven eight nine ten eleven twelve")
# Words that stand left of a noun phrase and do not belong to it.
OUTSIDE = words(
    "in of on at by to for from with without within under after before during through against into over per than as "
    "and or but nor if when while whereas although because since that which who whose according based like via "
    "overall however moreover also therefore thus is are was were be been has have had do does did may might can could "
    "will would should must not it they we he she there where what how such so then only even unlike despite between "
    "among compared published e.g e.g. i.e i.e."
)
LONGEST_LEFT = 8  # words
AFTER_NOUN = re.compile(
    r"\s*(?:\(|\[|\s(?:of|in|on|with|from|by|among|for|at|involving|comparing|including|using|across|examining|"
    r"conducted|published|commissioned|carried|covering|combining|evaluating|between|into|about|within|led|called)\s)"
)
NOT_COMPOUND = re.compile(
    r"""[*_]*(?:\Z|[,.;:)\]?!'’"”^¹²³⁰⁴-⁹]|\d|\s*[(\[–—]|\s(?:and|or|that|which|who|where|but|to|as|than)\b)"""
)
# Verbs that are as often nouns ("of 11 studies"); what follows tells.
NOUN_OR_VERB = (
    r"(?:studies|reports|notes|estimates|records|measures|documents|links|supports|points|tests|covers|uses|looks|set|"
    r"searches|surveys|shows|states|cautions|assesses|focuses)\b(?! that| no | not )"
)
PHRASE_END = re.compile(
    rf"\s+(?:{ADVERBS}(?!{NOUN_OR_VERB})(?:{REPORTING}|{CONDUCT})\b|(?:that|which|who|whose|where|while|whereas|but|because|when|so)\s|"
    r"(?:and|or)\s+(?:an?|the|other|another|several|some|one|it|they)\s)|[,;:.]\s|[.;:]?\Z|\s[–—-]\s|\n"
)
LONGEST_PHRASE = 240
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
A_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b(?:[A-Z][A-Za-z]*[A-Z][A-Za-z0-9-]*|[A-Z][a-z]{2,})\b")
SIZE = re.compile(r"\(\s*(?:n\s*=\s*)?\d|\bof \d|\bn\s*=\s*\d|\b\d{2,}[ ,]")
# "Takahashi et al. measured", without a mark.
SURNAME_LED = re.compile(
    r"(?<![\w(])(?P<name>[A-Z][\w'’-]+)(?: et al\.?| and (?:colleagues|co-?workers|associates))(?=\s+[a-z(\[])"
)


class Phrase(NamedTuple):
    """A noun phrase about a work: its place, its noun, and the place where its modifiers begin."""

    start: int
    end: int
    noun: Span
    kind: str
    article: str


def find_sources(
    text: str, sentences: Sequence[Sentence], citations: Sequence[Citation], references: Mapping[str, Reference]
) -> list[Source]:
    """The sources in reading order. Those with `references` are cited where they stand, the others only named."""
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
    phrases = list(find_phrases(text, sentence, marks))
    owners = bind_marks(text, phrases, marks)
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
    found += named_by_surname(text, sentence, marks)
    return sorted(found, key=lambda source: source.start)


# --- phrases -------------------------------------------------------------------------------------


def find_phrases(text: str, sentence: Sentence, marks: Sequence[Citation]) -> Iterator[Phrase]:
    """The phrases of a sentence, none within another or within a mark."""
    done = sentence.start
    for match in NOUN.finditer(text, sentence.start, sentence.end):
        inside = any(mark.start <= match.start() < mark.end for mark in marks)
        if match.start() < done or inside or not stands_alone(text, match, sentence.end):
            continue
        start, article = left_edge(text, done, match.start(), bool(PLURAL.search(match[0])))
        end = right_edge(text, match.end(), sentence.end, marks)
        done = end
        kind = next(kind for kind, pattern in KIND_OF.items() if pattern.match(match[0]))
        yield Phrase(start, end, Span(*match.span()), kind, article)


def stands_alone(text: str, noun: re.Match[str], end: int) -> bool:
    """Whether the noun is one and no part of another: "study design", "the WHO reports that"."""
    if noun[0].endswith("s") and text.startswith(" that ", noun.end()):
        return False
    return bool(
        NOT_COMPOUND.match(text, noun.end(), end)
        or AFTER_NOUN.match(text, noun.end(), end)
        or VERB_AHEAD.match(text, noun.end(), end)
    )


def left_edge(text: str, floor: int, noun: int, plural: bool) -> tuple[int, str]:
    """Where the phrase of a noun begins, and its first word in lower case ("" when that is the noun)."""
    start = noun
    for _ in range(LONGEST_LEFT):
        window = max(floor, start - 40)
        match = LEFT_WORD.search(text[window:start])
        if not match or match[1].lower() in OUTSIDE:
            break
        start, word = window + match.start(1), match[1].lower()
        if word in ARTICLES:
            if plural and word in ("a", "an"):
                break
            return start, word
    # without an article, what stands before a comma is something else: "In adults, recent reviews"
    start += text[start:noun].rfind(",") + 1
    start += len(text[start:noun]) - len(text[start:noun].lstrip())
    first = re.match(r"[\w'’-]+", text[start:noun])
    return start, first[0].lower() if first else ""


def right_edge(text: str, noun_end: int, sentence_end: int, marks: Sequence[Citation]) -> int:
    """Where the phrase of a noun ends: after what modifies it, before the verb."""
    if not AFTER_NOUN.match(text, noun_end, sentence_end):
        return noun_end
    limit = min(sentence_end, noun_end + LONGEST_PHRASE)
    place = noun_end
    while match := PHRASE_END.search(text, place, limit):
        cover = next((b for b in brackets(text, noun_end, limit, marks) if b.start < match.start() < b.end), None)
        if cover is None:
            return match.start() if match.end() < limit or limit == sentence_end else noun_end
        place = cover.end
    return noun_end


def brackets(text: str, start: int, end: int, marks: Sequence[Citation]) -> Iterator[Span]:
    yield from (Span(mark.start, mark.end) for mark in marks if start <= mark.start < end)
    for match in re.finditer(r"\([^()]*\)|\[[^\[\]]*\]", text[start:end]):
        yield Span(start + match.start(), start + match.end())


# --- which phrase a mark belongs to --------------------------------------------------------------


def bind_marks(text: str, phrases: Sequence[Phrase], marks: Sequence[Citation]) -> dict[int, list[Citation]]:
    """Marks by the number of the phrase that they stand for: the phrase they stand in or next to; else the nearest
    before that has none yet, when nothing but its own clause lies between."""
    owners: dict[int, list[Citation]] = {}
    for place, mark in enumerate(marks):
        before = [number for number, phrase in enumerate(phrases) if phrase.start < mark.start]
        if not before:
            continue
        nearest = before[-1]
        phrase = phrases[nearest]
        touching = mark.start - phrase.end <= 2 and not text[phrase.end : mark.start].strip()
        neighbour = place > 0 and marks[place - 1] in owners.get(nearest, ()) and mark.start - marks[place - 1].end <= 3
        if mark.start < phrase.end or touching or neighbour:
            owners.setdefault(nearest, []).append(mark)
        elif nearest not in owners and not any(p.end < mark.start for p in marks[:place] if p.start > phrase.start):
            owners[nearest] = [mark]
    return owners


# --- what a phrase without a mark is -------------------------------------------------------------


def names_a_work(text: str, sentence: Sentence, phrase: Phrase) -> bool:
    """Whether a phrase without a mark brings in a work: it says which one, or it reports something."""
    before, after = text[sentence.start : phrase.start], text[phrase.end : sentence.end]
    own = text[phrase.start : phrase.noun.end]
    if WANTING.search(before + own[: phrase.noun.start - phrase.start]) or WANTED.match(after):
        return False
    identified = is_identified(text, sentence, phrase)
    if phrase.article in DEFINITE:
        return identified
    reports = bool(REPORTS.match(after))
    if PLURAL.search(text[slice(*phrase.noun)]) or phrase.article not in ARTICLES:
        return reports or (identified and bool(VERB_AHEAD.match(after)))
    return identified or reports or bool(re.search(r"\b(?:according to|in)\s+\Z", before, re.IGNORECASE))


def is_identified(text: str, sentence: Sentence, phrase: Phrase) -> bool:
    """Whether the phrase says which work: a year, a size, or a name."""
    whole = text[phrase.start : phrase.end]
    left = text[phrase.start : phrase.noun.start]
    named = A_NAME.search(" " + left if phrase.start > sentence.start else left)
    return bool(YEAR.search(whole) or SIZE.search(whole[len(left) :]) or named)


def is_generic(text: str, phrase: Phrase) -> bool:
    """Whether no work in particular is meant: "reviews", "other research", "several trials"."""
    noun = text[slice(*phrase.noun)]
    left = text[phrase.start : phrase.noun.start]
    if not PLURAL.search(noun):
        return False
    counted = phrase.article in QUANTITIES or bool(re.match(r"\d", left))
    return not (counted or phrase.article in DEFINITE or YEAR.search(left) or phrase.kind == "guideline")


def kind_of_works(ids: Iterable[str], references: Mapping[str, Reference]) -> str:
    """The kind that the titles of works say, when they agree; "" otherwise."""
    kinds = {kind_of_title(references[id]) for id in ids if id in references}
    return kinds.pop() if len(kinds) == 1 else ""


def kind_of_title(reference: Reference) -> str:
    title = str(reference.csl.get("title", "")) + " " + str(reference.csl.get("container-title", ""))
    if re.search(r"cochrane database", title, re.IGNORECASE):
        return "review"
    nouns = {match[0] for match in NOUN.finditer(title)}
    kinds = [kind for kind, pattern in KIND_OF.items() if any(pattern.match(noun) for noun in nouns)]
    telling = [kind for kind in kinds if kind in ("meta-analysis", "guideline", "review", "trial", "cohort", "survey")]
    return telling[0] if telling else ""


def named_by_surname(text: str, sentence: Sentence, marks: Sequence[Citation]) -> Iterator[Source]:
    """ "Takahashi et al. measured …" in a sentence without any mark."""
    if marks:
        return
    for match in SURNAME_LED.finditer(text, sentence.start, sentence.end):
        if REPORTS.match(text, match.end(), sentence.end) or VERB_AHEAD.match(text, match.end(), sentence.end):
            yield Source("", match.start(), match.end(), match[0], "", False, False, ())
