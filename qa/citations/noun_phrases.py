"""Find noun phrases for works: "a 2023 systematic review of 11 studies (854 adults)", "the study".

A phrase extends from its noun: left to the article, right over brackets and modifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.citations.person_names import word_set
from qa.models import Citation, Sentence, Span

# Kind of work -> its nouns, in lower case; the first match counts.
KINDS: dict[str, str] = {
    "meta-analysis": r"(?:network |umbrella |individual[- ]patient[- ]data )?meta[- ‐‑]?analys[ei]s|pooled analys[ei]s",
    "guideline": r"guidelines?|guidance|position statements?|consensus statements?",
    "review": r"(?:systematic|scoping|narrative|literature|umbrella|rapid|cochrane) reviews?|(?<!peer )reviews?"
    r"|review articles?|evidence synthes[ei]s|cochrane (?:reports?|analys[ei]s)",
    "cohort": r"(?:cohort|case[- ]control|registry|register|observational|longitudinal|cross[- ]sectional|follow[- ]up|"
    r"prospective|retrospective)(?:[- ]based)?(?: \w+)? stud(?:y|ies)|cohorts?",
    "case report": r"case (?:reports?|series|stud(?:y|ies))",
    "survey": r"surveys?|polls?|census(?:es)?",
    "trial": r"trials?(?! (?:and|&) error)|rcts?|experiments?",
    "report": r"reports?|audits?|evaluations?|assessments?|white papers?|inquir(?:y|ies)",
    "paper": r"papers?|articles?|publications?|analys[ei]s|investigations?|theses|thesis|preprints?",
    "study": r"stud(?:y|ies)",
    "research": r"(?:research(?! (?:question|centre|center|council|team|group|unit|fund))|literature)",
}
# Every noun above contains one of these; a quick check for whole sentences.
STEMS = re.compile(
    r"stud(?:y|ies)|trial|rct|experim|review|nalys|synthes|survey|poll|census|report|audit|evalua|assessm|paper|inquir|"
    r"article|publica|investiga|thesis|theses|preprint|cohort|case s|research|literat|guid|statement"
)
NOUN = re.compile(rf"\b(?:{'|'.join(KINDS.values())})\b")
KIND_OF = {kind: re.compile(rf"(?:{pattern})\Z") for kind, pattern in KINDS.items()}
PLURAL = re.compile(r"(?:[^isu]s|series|research|literature|guidance)\Z", re.IGNORECASE)

REPORTING = (
    r"(?:found|finds?|report(?:s|ed)?|show(?:s|ed|n)?|demonstrat(?:es?|ed)|conclud(?:es?|ed)|suggest(?:s|ed)?|"
    r"observ(?:es?|ed)|not(?:es?|ed)|indicat(?:es?|ed)|reveal(?:s|ed)?|estimat(?:es?|ed)|identif(?:y|ies|ied)|"
    r"confirm(?:s|ed)?|argu(?:es?|ed)|recommend(?:s|ed)?|stat(?:es?|ed)|emphasi[sz](?:es?|ed)|highlight(?:s|ed)?|"
    r"describ(?:es?|ed)|document(?:s|ed)?|detect(?:s|ed)?|record(?:s|ed)?|measur(?:es?|ed)|advis(?:es?|ed)|"
    r"link(?:s|ed)?|support(?:s|ed)?|point(?:s|ed)?|warn(?:s|ed)?|caution(?:s|ed)?|attribut(?:es?|ed)|"
    r"discover(?:s|ed)?|establish(?:es|ed)?|predict(?:s|ed)?|agree(?:s|d)?|call(?:s|ed)? for|propos(?:es?|ed))"
)
# Other verbs with a work as subject, active or passive.
CONDUCT = (
    r"(?:compar(?:es?|ed)|examin(?:es?|ed)|test(?:s|ed)?|evaluat(?:es?|ed)|assess(?:es|ed)?|investigat(?:es?|ed)|"
    r"includ(?:es?|ed)|enroll?ed|randomi[sz]ed|recruited|follow(?:s|ed)|pool(?:s|ed)|analy[sz](?:es?|ed)|"
    r"stud(?:ies|ied)|search(?:es|ed)|cover(?:s|ed)|look(?:s|ed)|survey(?:s|ed)|put|led|gave|sampled|tracked|asked|"
    r"interviewed|counted|used|us(?:es|ing)|focus(?:es|ed)|support(?:s|ed)|provid(?:es?|ed)|set|saw|"
    r"was|were|is|are|has|have|had|did|does|do|could|may|might|can|will|would|should|must|began|ran|ended|took)"
)
ADVERBS = r"(?:(?:also|both|later|recently|further|\w+ly|not|never|been|since|now|all) ){0,3}"
REPORTS = re.compile(rf"[*_]*\s+{ADVERBS}(?:(?:have|has|had|did|do|does) {ADVERBS})?{REPORTING}\b")
DID = re.compile(
    rf"[*_]*\s+{ADVERBS}(?:was|were|did|had|[a-z]{{3,}}ed|found|put|led|gave|saw|took|ran|began|set|came|went|grew|made|"
    r"drew|rose|fell|lost|won|told|wrote|kept|brought)\b"
)
VERB_AHEAD = re.compile(rf"[*_]*\s+{ADVERBS}(?:{REPORTING}|{CONDUCT})\b")
LEFT_WORD = re.compile(r"(?:^|[\s(“\"‘'—–])([\w'’./&+-]+),?\s+\Z")
ARTICLES = word_set("a an one another the this that these those both its their our")
INDEFINITE = word_set("a an one another")
DEFINITE = ARTICLES - INDEFINITE
# Words that end a noun phrase on the left and are not part of it.
OUTSIDE = word_set(
    "in of on at by to for from with without within under after before during through against into over per than as "
    "and or but nor if when while whereas although because since that which who whose according based like via "
    "overall however moreover also therefore thus is are was were be been has have had do does did may might can could "
    "will would should must not it they we he she there where what how such so then only even unlike despite between "
    "among compared published e.g e.g. i.e i.e."
)
LONGEST_SENTENCE = 4000  # characters; anything longer is not a real sentence
LONGEST_LEFT = 8  # words
MODIFIER = re.compile(
    r"\s+(?:of|in|on|with|from|by|among|for|at|involving|comparing|including|using|across|examining|conducted|published|"
    r"commissioned|carried|covering|combining|evaluating|between|into|about|within|led|called)\s"
)
NOT_COMPOUND = re.compile(
    r"""[*_]*(?:\Z|[,.;:)\]?!'’"”^¹²³⁰⁴-⁹]|\d|\s*[(\[–—]|\s(?:and|or|that|which|who|where|but|to|as|than|only|the|an?|"""
    r"out|no|all|some|most|each|there|it|they|he|she|we)\b)"
)
POINTED_AT = re.compile(r"\b(?:these|those|both)\s\Z", re.IGNORECASE)
# Verbs that may be nouns ("of 11 studies"); what follows decides.
NOUN_OR_VERB = (
    r"(?:(?:studies|reports|notes|estimates|records|measures|documents|links|supports|points|tests|covers|uses|looks|set|"
    r"searches|surveys|shows|states|cautions|assesses|focuses)\b(?! that| no | not )"
    r"|randomi[sz]ed (?:[\w-]+ ){0,3}(?:trial|stud|experiment))"
)
PHRASE_END = re.compile(
    rf"(?<! to)\s+(?:{ADVERBS}(?!{NOUN_OR_VERB})(?:{REPORTING}|{CONDUCT})\b|"
    r"(?:that|which|who|whose|where|while|whereas|but|because|when|so)\s|"
    r"(?:and|or)\s+(?:an?|the|other|another|several|some|one|it|they)\s)|[,;:.]\s|[.;:]?\Z|\s[–—-]\s|\n"
)
LONGEST_PHRASE = 240
RESULT_IN_BRACKETS = re.compile(
    r"\s*\((?=[^()]*(?:\bCI\b|\bp ?[<=>]|\b[RHO]R\b|\brisk\b|\bratio\b|\bdifference\b|%|[<=>] ?-?\d))[^()]*\)\Z"
)


class NounPhrase(NamedTuple):
    """A noun phrase for a work: its span, the span of its noun, the kind of work, and its article in lower case."""

    start: int
    end: int
    noun: Span
    kind: str
    article: str


def find_noun_phrases(text: str, sentence: Sentence, marks: Sequence[Citation]) -> Iterator[NounPhrase]:
    """Yield the phrases of a sentence in order, without overlaps and outside citations."""
    words = text[sentence.start : sentence.end]
    lowered = words.lower()
    if len(words) > LONGEST_SENTENCE or len(lowered) != len(words) or not STEMS.search(lowered):
        return
    done = sentence.start
    for match in NOUN.finditer(lowered):
        noun = Span(sentence.start + match.start(), sentence.start + match.end())
        plural = bool(PLURAL.search(match[0]))
        inside = any(mark.start <= noun.start < mark.end for mark in marks)
        if noun.start < done or inside or not is_head_noun(text, noun, plural, sentence.end):
            continue
        start, article = left_edge(text, done, noun.start, plural)
        end = right_edge(text, noun.end, sentence.end, marks)
        if result := RESULT_IN_BRACKETS.search(text[noun.end : end]):
            end = noun.end + result.start()
        done = end
        yield NounPhrase(start, end, noun, kind_of_noun(match[0]), article)


def kind_of_noun(noun: str) -> str:
    """The kind of work for a noun in lower case."""
    return next(kind for kind, pattern in KIND_OF.items() if pattern.match(noun))


def is_head_noun(text: str, noun: Span, plural: bool, end: int) -> bool:
    """Whether the word is the head noun; false for "study design" and "the WHO reports that"."""
    if text[noun.start - 1 : noun.start] == "-" or (plural and text.startswith(" that ", noun.end)):
        return False
    if plural and POINTED_AT.search(text, max(0, noun.start - 8), noun.start):
        return True
    return any(follows.match(text, noun.end, end) for follows in (NOT_COMPOUND, MODIFIER, VERB_AHEAD, DID))


def left_edge(text: str, floor: int, noun: int, plural: bool) -> tuple[int, str]:
    """Where the phrase of a noun begins, and its first word in lower case ("" if that is the noun)."""
    start = noun
    for _ in range(LONGEST_LEFT):
        window = max(floor, start - 40)
        match = LEFT_WORD.search(text[window:start])
        if not match or (match[1].lower() in OUTSIDE and match[1].lower() not in ARTICLES):
            break
        start, word = window + match.start(1), match[1].lower()
        if word in ARTICLES:
            if (plural and word in ("a", "an")) or (word != "the" and plural and "," in text[start:noun]):
                break
            return start, word
    # Without an article, the phrase begins after the last comma: "In adults, recent reviews".
    start += text[start:noun].rfind(",") + 1
    start += len(text[start:noun]) - len(text[start:noun].lstrip())
    first = re.match(r"[\w'’-]+", text[start:noun])
    return start, first[0].lower() if first else ""


def right_edge(text: str, noun_end: int, sentence_end: int, marks: Sequence[Citation]) -> int:
    """Where the phrase of a noun ends: after its brackets and modifiers, before the verb."""
    limit = min(sentence_end, noun_end + LONGEST_PHRASE)
    covers = sorted(brackets(text, noun_end, limit, marks))
    start = noun_end
    for begin, end in covers:
        if not text[start:begin].strip():
            start = max(start, end)
    if not MODIFIER.match(text, start, sentence_end):
        return start
    place = start
    while match := PHRASE_END.search(text, place, limit):
        around = next((cover.end for cover in covers if cover.start < match.start() < cover.end), None)
        if around is None:
            return match.start() if match.end() < limit or limit == sentence_end else start
        place = around
    return start


def brackets(text: str, start: int, end: int, marks: Sequence[Citation]) -> Iterator[Span]:
    yield from (Span(mark.start, mark.end) for mark in marks if start <= mark.start < end)
    for match in re.finditer(r"\([^()]*\)|\[[^\[\]]*\]", text[start:end]):
        yield Span(start + match.start(), start + match.end())
