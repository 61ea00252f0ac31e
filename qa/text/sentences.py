"""Sentence segmentation: NLTK's Punkt with our own abbreviations, plus a few rules for what Punkt misses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from qa.models import Span
from qa.text.full_stops import FullStops


def listed_words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Lower case, without the final full stop, which does not end a sentence after these.
ABBREVIATIONS = listed_words(
    # Latin and scholarly
    "al e.g eg i.e ie cf viz ca c resp vs v approx est incl excl sc ibid op cit et seq ed eds edn rev repr "
    "fig figs tab tabs eq eqs eqn eqns ref refs sect sec chap ch vol vols no nos nr pp p para suppl supp app appx pt "
    "dept univ inst assoc soc natl int intl proc "
    # titles
    "dr drs prof mr mrs ms st sr jr hon rev gen col capt lt sgt gov sen rep "
    # companies
    "inc ltd co corp llc bros gmbh "
    # months, except 'may', which is also a word
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    # species and strains
    "spp sp subsp ssp var cv "
    # doses and routes
    "i.v i.m s.c p.o i.p i.n s.l b.i.d t.i.d q.i.d o.d q.d prn a.m p.m vit mg max min yr yrs mo mos wk wks hr hrs h "
    "n.b n.d s.d s.e s.e.m d.f u.s u.k e.u u.s.a ph.d m.d b.sc m.sc "
    # journal names
    "am j br clin exp med psychiatr psychol psychopharmacol pharmacol neurosci neuropsychopharmacol behav acad sci "
    "engl eur biol chem biochem physiol epidemiol immunol surg pediatr gynecol obstet neurol oncol endocrinol "
    "gastroenterol ophthalmol dermatol radiol cardiol nephrol toxicol pathol genet nutr nurs res ther ann "
    "annu adv curr chr opin lett mol microbiol virol"
)
# These are as common at the end of a sentence as within one; the next word decides.
SOFT_ABBREVIATIONS = listed_words(
    "min max h hr hrs yr yrs mo mos wk wks mg i.v i.m s.c p.o i.p i.n s.l b.i.d t.i.d q.i.d o.d q.d a.m p.m u.s u.k "
    "e.u u.s.a inc ltd co corp llc s.d s.e s.e.m d.f ph.d m.d n.d sp spp cv jr sr"
)
STARTERS = listed_words(
    "The A An This That These Those It They We He She I You There Here In On At By For From With Without After Before "
    "During Since When While Where Although Though Because If As To Of Both All Some Most Many Few Several Each No "
    "None Not One Two Three Four Five Patients Participants Subjects Results Data Our Their Its His Her However "
    "Moreover Furthermore Therefore Thus Hence Overall Finally Then Next Also Symptoms Animals Mice Rats Cells "
    "Samples Controls Treatment Such Only Other Another Under Over Between Among Within Using"
)

FULL_STOPS = FullStops(ABBREVIATIONS)

# A citation right after the full stop belongs to the sentence before it: ".[1] The", ". [1] The", ".¹ The", ".1,2 The".
SQUARE_MARK = r"\[(?:\^[\w-]{1,20}|@[\w:.-]{1,40}|\d[\d,;–\- ]{0,38})\]"
MARK_AT_START = re.compile(rf"""(?:{SQUARE_MARK})+(?=\s+["“(]?[A-ZÀ-Þ\d]|\s*$)""")
STOP_THEN_MARK = re.compile(
    rf"""[.!?](?<=[a-z)\]%"”’A-Z].)["”’)]?(?:[ \t](?:{SQUARE_MARK})+|(?:\[\^?[\w,;–\- ]{{1,40}}\])+"""
    r"""|\^[\d,–\- ]{1,40}\^|[¹²³⁰⁴-⁹˒⁻,–-]{1,40}|\d{1,3}(?:[,–-]\d{1,3}){0,9})\s+(?=["“(\[]?[A-ZÀ-Þ\d])"""
)
# A full stop before a capital, with the letters that follow. What comes before it tells whether it ends a sentence:
STOP_THEN_CAPITAL = re.compile(r"\.\s+(?=([A-Z][a-z]*)(\b)?)")
LONGEST_BEFORE = 7  # characters
SOFT_WORD = re.compile(r"[\s(/\d]((?:[A-Za-z]\.){0,2}[A-Za-z]|[A-Za-z]{1,4})\Z")
# A number with a unit ends the sentence if a capital follows: "for 48 h. Receptor", "in 5 d. Animals".
UNIT = re.compile(r"\d\s?(?:h|hrs?|min|s|sec|ms|d|wk|mo|yrs?|g|mg|kg|ml|mm|cm|m|nm|bp|kb)\Z")
# "The answer is no. Lanes", and acronyms written like an abbreviation: "in CF. Patients", "of MS. Most".
WORD_NOT_SHORT = re.compile(r"(?:\sno|[\s(](?!US\Z|UK\Z|EU\Z)[A-Z]{2,6})\Z")
# Initials: "by J. Krystal", "E. M. Krupitsky", but not "vitamin D. Lung" or "lines A and D. All".
INITIAL = re.compile(r"(?:^|[(\[“\"]|\b(?:by|and|of|from|to|with|&|[A-Z][a-z]+,|Dr\.|Prof\.|[A-Z]\.))\s?[A-Z]\.$")
# The middle of a reference: "… disorder. Am J Psychiatry. 2022;179(2):152".
JOURNAL_PLACE = re.compile(r"(?:[A-Z][\w&: ]{2,60}\. )?(?:1[89]|20)\d\d(?: [A-Z][a-z]{2}(?: \d{1,2})?)?;\s?\d")
STOP_BEFORE = re.compile(r"[^\W\d_)%”\"’\]][.!?][”\"’)]?\s*\Z|[)%”\"’\]][.!?]\s*\Z")
NEW_SENTENCE = re.compile(r"\s+(?=[\"“]?[A-ZÀ-Þ])|\s*\Z")
LONGEST_CHUNK = 20_000
BETWEEN_WORDS = re.compile(r"[\w,] (?=[a-z])")
WORD = re.compile(r"[\w.’']+")
MATCHING = {")": "(", "]": "[", "}": "{"}


def split_sentences(text: str, start: int, end: int, protected: Sequence[Span] = ()) -> list[Span]:
    """The sentences of `text[start:end]`, which should be one block. No boundary falls inside a `protected` span, such
    as a citation; these must be sorted and not overlap."""
    block = text[start:end]
    brackets = bracket_spans(block)
    guarded = [Span(s - start, e - start) for s, e in protected]
    behind = dict(marks_behind_stops(block, guarded))
    cuts = [
        cut
        for cut in sorted({*punkt_cuts(block), *missed_cuts(block), *behind.values()} - behind.keys())
        if not (inside(cut, brackets) or inside(cut, guarded) or (runs_on(block, cut) and cut not in behind.values()))
    ]
    return [Span(start + a, start + b) for a, b in stretches(block, cuts)]


def marks_behind_stops(block: str, guarded: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Citations in brackets, and raised ones, between a full stop and a new sentence belong to the sentence before:
    their starts and the start of the new sentence. "Lanes helped. (1) Paint did not. [2] [3] Signs did."."""
    run: list[int] = []
    for (start, end), following in zip_longest(guarded, guarded[1:]):
        if block[start] in "([⁰¹²³⁴⁵⁶⁷⁸⁹" and (run or STOP_BEFORE.search(block, max(0, start - 8), start)):
            run.append(start)
        if following and run and not block[end : following.start].strip():
            continue
        new = NEW_SENTENCE.match(block, end)
        yield from ((mark, new.end()) for mark in run if new)
        run = []


def punkt_cuts(block: str) -> Iterator[int]:
    """Offsets where Punkt starts a sentence. Without a space before it, it would be a citation after a full stop."""
    for start, end in pairwise([*chunk_starts(block), len(block)]):
        for begin in FULL_STOPS.starts(block[start:end]):
            if block[start + begin - 1].isspace():
                yield start + begin


def chunk_starts(block: str) -> Iterator[int]:
    """Offsets that divide a long block into chunks, between two words within a sentence.

    NLTK gives up after five seconds on one text, so a block longer than any paragraph is passed to it in chunks.
    """
    start = 0
    while start < len(block):
        yield start
        end = start + LONGEST_CHUNK
        inside_sentence = list(BETWEEN_WORDS.finditer(block, end - 1000, end)) if end < len(block) else []
        start = inside_sentence[-1].end() if inside_sentence else end


def missed_cuts(block: str) -> Iterator[int]:
    """Boundaries that Punkt misses: after a citation that follows the full stop, or between an abbreviation and a word
    that clearly starts a sentence."""
    yield from (match.end() for match in STOP_THEN_MARK.finditer(block))
    yield from (match.end() for match in STOP_THEN_CAPITAL.finditer(block) if is_cut(block, match))


def is_cut(block: str, stop: re.Match[str]) -> bool:
    """Whether a sentence ends with a match of STOP_THEN_CAPITAL, after a word that may be short for another."""
    before, following = block[max(0, stop.start() - LONGEST_BEFORE) : stop.start()], stop[1]
    if before.isalpha():  # part of a longer word
        return False
    if len(following) > 1 and UNIT.search(before):
        return True
    word = len(following) > 1 or (following in "AI" and block[stop.end() + 1 : stop.end() + 2].isspace())
    if word and WORD_NOT_SHORT.search(before):
        return True
    soft = SOFT_WORD.search(before) if stop[2] is not None and following in STARTERS else None
    return soft is not None and (len(soft[1]) == 1 or soft[1].lower() in SOFT_ABBREVIATIONS)


def runs_on(block: str, cut: int) -> bool:
    """Whether the sentence continues at `cut` despite the full stop before it."""
    before, after = block[max(0, cut - 24) : cut].rstrip(), block[cut : cut + 90]
    word = WORD.match(after)
    if before.endswith((",", ";")) or after.startswith(".") or JOURNAL_PLACE.match(after) or MARK_AT_START.match(after):
        return True
    start = word[0].rstrip(".’'") if word else ""
    if start.isascii() and start.islower() and start.isalpha():
        return True
    return bool(INITIAL.search(before)) and not (word and word[0] in STARTERS - {"A", "I"})


def bracket_spans(block: str) -> list[Span]:
    """Outermost balanced brackets, except those that start a sentence of their own."""
    found: list[Span] = []
    opened: list[int] = []
    for match in re.finditer(r"[()\[\]{}]", block):
        if match[0] not in MATCHING:
            opened.append(match.start())
        elif opened and block[opened[-1]] == MATCHING[match[0]]:
            begin = opened.pop()
            while found and found[-1].start > begin:
                found.pop()
            if not block[max(0, begin - 3) : begin].rstrip().endswith((".", "!", "?")):
                found.append(Span(begin, match.end()))
    return found


def inside(cut: int, spans: Sequence[Span]) -> bool:
    index = bisect_right(spans, cut, key=lambda span: span.start) - 1
    return index >= 0 and spans[index].start < cut < spans[index].end


def stretches(block: str, cuts: Sequence[int]) -> Iterator[Span]:
    """The spans between the cuts, without surrounding whitespace."""
    for begin, stop in pairwise([0, *cuts, len(block)]):
        piece = block[begin:stop]
        lead, tail = len(piece) - len(piece.lstrip()), len(piece) - len(piece.rstrip())
        if lead < len(piece):
            yield Span(begin + lead, stop - tail)
