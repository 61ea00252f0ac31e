"""Numeric citations: [1,3-5], (1, 2), ¹˒², and digits directly after a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from qa.citations.candidates import CitationCandidate, Target, TextBlock
from qa.citations.parsing import DASH
from qa.citations.person_names import word_set
from qa.models import Span

LONGEST_RANGE = 60
NUMBER = r"\d{1,4}"
JOINT = (
    rf"\s?(?:[,;]\s?(?:(?:and|but)?\s?(?:see also|see|also|cf\.?|e\.g\.,?)\s|and\s|&\s?)?|{DASH}|\s(?:and|to|&)\s)\s?"
)
NUMBERS = rf"{NUMBER}(?:{JOINT}{NUMBER}){{0,80}}"
# In brackets, numbers may be separated by spaces alone: "(20 21 22)".
BLANK_TOO = rf"{NUMBER}(?:(?:{JOINT}|\s){NUMBER}){{0,80}}"
LEAD = r"(?:(?:see|also|e\.g\.|eg|cf\.?|reviewed in|in|and|refs?\.?|references?|nos?\.)[,:]?\s)*"
PLACE = (
    r"(?:pp?\.|pages?|ch(?:ap(?:ter)?)?s?\b\.?|tab(?:le)?s?\b\.?|fig(?:ure)?s?\b\.?|sec(?:t(?:ion)?)?s?\b\.?|§+|para?s?\b\.?|"
    r"paragraphs?|th(?:eore)?m\b\.?|lem(?:ma)?\b\.?|prop(?:osition)?\b\.?|cor(?:ollary)?\b\.?|def(?:inition)?\b\.?|rem(?:ark)?s?\b\.?|"
    r"eqn?s?\b\.?|equations?|app(?:endix)?\b\.?|ex(?:ample)?\b\.?|vol(?:ume)?s?\b\.?|lines?|notes?|part|box|algorithm|col\.)"
)
TAIL = rf"(?:[,;:]?\s(?:{PLACE}|for(?!\s\d))\s?[^\])]{{1,60}})?"
# A place in one of several works: "[1, p. 2; 3, ch. 4]", "[1, Sec. 2.1, 3]".
LOCATOR = re.compile(rf"(?<=\d),?\s{PLACE}\s?[\w.]+(?:[-–]\w+)?(?=\s?[,;])", re.IGNORECASE)
BRACKETED = re.compile(rf"\s*{LEAD}(?P<numbers>{BLANK_TOO}){TAIL}[.\s]*", re.IGNORECASE)
NAMED = re.compile(rf"\b[Rr]ef(?:s?\.|s|erences?)?\s(?P<numbers>{NUMBERS})\b(?![\w/%.-]*\d)")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹˒⁻‚", "0123456789,-,")
# Not a charge (Ca²⁺) and not an isotope, which comes before its sign (³H).
RAISED = re.compile(
    r"[¹²³⁴-⁹](?:[⁰¹²³⁴-⁹˒‚,⁻–-]{0,60}[⁰¹²³⁴-⁹])?(?![⁰¹²³⁴-⁹⁺⁻])(?!(?<=[\s(\[/–—-].)[A-Z]|(?<=[\s(\[/–—-]..)[A-Z]|(?<=[\s(\[/–—-]...)[A-Z])"
)
# Digits directly after a word or its punctuation, up to the end of the word. The lookbehind comes after the first digit
# because the search is four times faster for a pattern that begins with a digit.
GLUED = re.compile(
    rf"(?P<numbers>\d(?<=(?:[^\W\d_]|[.,;:!?)\]%”\"’'])\d)\d{{0,2}}(?:(?:,\s?(?=\d)|{DASH})\d{{1,3}}){{0,20}})"
    rf"(?=[\s.,;:!?)\]”\"’']|$)(?![.,]\d)"
)
BEFORE_GLUED = re.compile(r"(?:(?P<word>[^\W\d_]+)|(?<=[\w%.])[)\]%”\"’])(?P<stop>[.,;:!?)\]”\"’']{0,3})$")
# "no.4", "p.12", "Fig.2": the full stop marks an abbreviation, not the end of a sentence.
SHORTENED = word_set("p pp no nos nr vol fig figs tab eq vs v ca ref refs sec ch ver art para")

# Text before a number in brackets that shows it is not a citation.
NO_MARK_AFTER = re.compile(
    r"(?:"
    # a test statistic or an estimate: F(1, 60), t (29), 95% CI [1, 3], =, ±
    r"(?<![^\W\d_])(?-i:[FtTzZrRpPnNdQHUWVχβηκB]|χ2|χ²|df|OR|RR|HR|CI|IQR|SD|SE|SEM|MD|CFI|ICC)\s?"
    r"|[=<>≤≥±×≈~]\s?|\b(?:range[ds]?|interval|between|from)(?:\s(?:was|is|of))?[:,]?\s"
    # an element of an array: x[1], f(2)
    r"|(?<![^\W\d_]|['’.-])(?-i:[a-z])"
    # a part of this document: Table (2), Eq. (5), step (1)
    r"|\b(?:equations?|eqs?|eqns?|formulae?|figures?|figs?|tables?|tabs?|sections?|steps?|appendix|box|panels?)\.?\s?"
    r")$",
    re.IGNORECASE,
)
UNITS = word_set("m cm mm km dm kg ft in min")
# 10⁵, 2³ and other numbers with a power: not a number that is part of a name (VO₂⁴, IL-6²), not a year, not one that is
# named ("type 2³"), nor a measured value, which no text raises to a power ("n = 40²", "5.2³").
NUMBER_AS_BASE = re.compile(r"(?:^|[^\w.,’'–-]|(?<![A-Za-zΑ-ω])[–-])(?P<number>\d{1,3})$")
NAMED_NUMBER = re.compile(
    r"\b(?:types?|grades?|stages?|phases?|class|category|levels?|group|factor|version)\s\d{1,2}$", re.IGNORECASE
)
ROUND_NUMBERS = frozenset({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "100"})
# m², R²: powers of a unit or a statistic.
BASE = re.compile(r"(?:(?<![^\W\d_])(?<!['’])(?:[cmkdµμn]?m|s|ft|in|I|P|R|X|r|χ|η|ηp|T|x|p|log|ln|sin|cos)|[×·⁻])$")
# Units after a number, "per" or a slash (3 dB², per mi², kN/yd²) or in brackets, a quantity below a slash
# (weight/height²), or a factor in an equation (E = mc²). Nobody squares grams, litres or hours: 12 mg/d³ is a citation.
POWER = re.compile(
    r"(?:(?:\d|[/·*×^(]|\bper)\s?(?:[nµμmckdhMGT]?(?:m|s|A|K|V|W|J|N|Pa|Hz|T|H|S|Ω|eV)|mmHg|"
    r"ft|in|mi|yd|yr|ac|ha|dB[AC]?|lb|oz|gal|px|pt|rad|sr|deg|nmi|cd|lm|lx|AU|pc|ly)\)?|[=+]\s?[^\W\d_]{1,3}"
    r"|(?:[/÷×]|\bdivided by)\s?\(?(?:height|length|stature|distance|time|age|radius|diameter|width)\)?)$"
)
POWERS = frozenset({"1", "2", "3", "4"})  # of units and statistics
IN_FORMULA = re.compile(r"\s?[=<>≤≥≈±×·+*/^]")
MEASURE = re.compile(r"\s?(?:min|h|hr|hours?|days?|weeks?|months?|years?|mg|ml|kg|g|mm|cm|%|°)\b")


def is_power(block: TextBlock, start: int, end: int, numbers: str) -> bool:
    """Whether a single raised number is a power of the number, unit or letter before it."""
    before = block.before(start, 24)
    if not numbers.isdigit():
        return False
    if number := NUMBER_AS_BASE.search(before):
        return number["number"] in ROUND_NUMBERS and not NAMED_NUMBER.search(before)
    powers = numbers in POWERS and (BASE.search(before) or POWER.search(before))
    return bool(powers or (re.search(r"\w$", before) and IN_FORMULA.match(block.after(end, 2))))


# The same separators as in the patterns above, also case-insensitive.
BETWEEN_PARTS = re.compile(
    r"\s?[,;]\s?(?:(?:and|but)?\s?(?:see also|see|also|cf\.?|e\.g\.,?)\s|and\s|&\s?)?|\s?\s(?:and|&)\s\s?|"
    r"(?<=\d)\s(?=\d)",
    re.IGNORECASE,
)
BETWEEN_ENDS = re.compile(rf"\s?(?:{DASH}|\sto\s)\s?", re.IGNORECASE)


def expand(numbers: str) -> list[str]:
    """The labels of '1, 3–5': ['1', '3', '4', '5']; empty if it is not a valid list of numbers."""
    labels: list[str] = []
    for part in BETWEEN_PARTS.split(numbers.strip()):
        ends = [end.strip() for end in BETWEEN_ENDS.split(part)]
        if len(ends) > 2 or not all(re.fullmatch(r"\d{1,9}", end) for end in ends):
            return []
        first, last = int(ends[0]), int(ends[-1])
        if first == 0 or not 0 <= last - first <= LONGEST_RANGE:
            return []
        labels += map(str, range(first, last + 1))
    return labels


def numbered(start: int, end: int, numbers: str, word: str = "") -> Iterator[CitationCandidate]:
    if labels := expand(numbers):
        yield CitationCandidate(start, end, tuple(Target(label, label=label) for label in labels), word)


def find_square(block: TextBlock) -> Iterator[CitationCandidate]:
    """[1,3-5]. Two brackets joined by a dash are a range. Link texts are skipped."""
    text, last = block.text, None
    ends = {group.end: group for group in block.groups}
    for group in block.groups:
        inside = LOCATOR.sub("", block.inner(group)) if text[group.start] == "[" else ""
        if not inside or not (match := BRACKETED.fullmatch(inside)):
            continue
        before = block.before(group.start, 24)
        if NO_MARK_AFTER.search(before) or is_of_a_link(block, ends.get(group.start)):
            continue
        if A_VALUE.search(before) and A_RANGE.fullmatch(match["numbers"]):
            continue
        numbers, start = match["numbers"], group.start
        if last and re.fullmatch(DASH, text[last.end : group.start]):
            yield from numbered(last.end, group.end, f"{int(last.targets[-1].label) + 1}-{numbers}")
            last = None
            continue
        for last in numbered(start, group.end, numbers):
            yield last


# 5 [1 to 12] days, 30% [18–20]; but "in 2016 [3–5]".
A_VALUE = re.compile(r"(?<!\b1[5-9]\d)(?<!\b20\d)\d%?\s\Z")
A_RANGE = re.compile(rf"\d+\s?(?:{DASH}|to)\s?\d+", re.IGNORECASE)


def is_of_a_link(block: TextBlock, before: Span | None) -> bool:
    """Whether the bracket is part of a link whose target is missing: [words][3]. `before` is the bracket before it."""
    return before is not None and block.text[before.start] == "[" and not re.search(r"\d", block.inner(before))


def find_named(block: TextBlock) -> Iterator[CitationCandidate]:
    """Numbers after "ref.": "see ref. 12"."""
    for match in NAMED.finditer(block.text, block.start, block.end):
        yield from numbered(match.start(), match.end(), match["numbers"])


def find_raised(block: TextBlock) -> Iterator[CitationCandidate]:
    """Unicode superscripts: ¹˒²; not powers."""
    for match in RAISED.finditer(block.text, block.start, block.end):
        numbers = match[0].translate(SUPERSCRIPTS)
        if not is_power(block, *match.span(), numbers):
            yield from numbered(match.start(), match.end(), numbers)


def find_glued(block: TextBlock) -> Iterator[CitationCandidate]:
    """Superscripts that have lost their formatting: "improved.1,2 The", "relapse3", "PWV4,5"."""
    for match in GLUED.finditer(block.text, block.start, block.end):
        before = BEFORE_GLUED.search(block.before(match.start(), 40))
        if before is None or MEASURE.match(block.after(match.end(), 8)):
            continue
        word, stop = before["word"] or "", before["stop"]
        if word.lower() in SHORTENED or word in UNITS or (word and not stop and len(word) < 3):
            continue
        doubtful = "" if stop or word.islower() else word
        yield from numbered(match.start(), match.end(), match["numbers"].replace(" ", ""), doubtful)


def not_names(text: str, candidates: Sequence[CitationCandidate]) -> list[CitationCandidate]:
    """Drop digits that are part of a name (IL6, CD4, Nexus6): the document must also have the word without digits, and
    with these digits only once."""
    if not any(candidate.word for candidate in candidates):
        return list(candidates)
    tokens = Counter(re.findall(r"[^\W_]+", text))
    return [
        candidate
        for candidate in candidates
        if not (word := candidate.word)
        or (tokens[word] and tokens[word + re.split(r"\D", text[candidate.start : candidate.end])[0]] < 2)
    ]
