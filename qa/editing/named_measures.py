"""Treatments and measures that documents name, found by what is said of them: what they do, or what they are compared
with. They are suggestions for an owner to judge."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from qa.models import Document
from qa.text.analysis import Token, analyze
from qa.text.background import generic_words

LONGEST_PHRASE = 3  # content words
BETWEEN = re.compile(r"[ \-–’']+")
# What stands before the name of a measure.
BEFORE = re.compile(
    r"\b(?:treat(?:ed|ment) (?:with|by)|compared (?:with|to)|versus|vs\.?|instead of|rather than|alternatives? to|"
    r"use of|using|trials? of|effects? of|such as|prefer|switch(?:ed|ing)? to|given|received?|offer(?:ed)?)"
    r"\s+(?:an? |the )?",
    re.IGNORECASE,
)
# What a measure at the beginning of a sentence does.
DOES = re.compile(
    r"(?:,[^,.;]{1,60},)?\s+(?:also |alone |still )?(?:works?|worked|helps?|helped|reduce[sd]?|lower(?:s|ed)|cuts?|"
    r"prevent(?:s|ed)|remove[sd]?|kill(?:s|ed)|raise[sd]?|increase[sd]?|improve[sd]?|slow(?:s|ed)|halve[sd]?|costs?|"
    r"did not|does not|may|might|was followed by|is (?:not )?recommended)\b",
    re.IGNORECASE,
)
FIRST = re.compile(r"[\s*_>#-]*(?:The |An? )?")


def named_measures(documents: Iterable[Document], known: Collection[str]) -> list[tuple[str, int]]:
    """The phrases that are named as measures, each with how often it occurs, most often first; not those with only
    `known` terms."""
    named: Counter[str] = Counter()
    texts = []
    for document in documents:
        for sentence in document.sentences:
            text = document.text[sentence.start : sentence.end]
            texts.append(text.casefold())
            named.update(phrase for phrase in phrases_named(text, known))
    whole = "\n".join(texts)
    counts = {phrase: len(re.findall(rf"(?<!\w){re.escape(phrase)}(?!\w)", whole)) for phrase in named}
    return sorted(((phrase, n) for phrase, n in counts.items() if n > 1), key=lambda row: (-row[1], row[0]))


def phrases_named(text: str, known: Collection[str]) -> Iterator[str]:
    tokens = analyze(text)
    first = FIRST.match(text)
    starts = [(first.end() if first else 0, True), *((match.end(), False) for match in BEFORE.finditer(text))]
    for start, is_subject in starts:
        words = words_from(text, tokens, start)
        if not words or all(word.term in known for word in words):
            continue
        if not is_subject or DOES.match(text, words[-1].end):
            yield text[words[0].start : words[-1].end].casefold()


def words_from(text: str, tokens: Iterable[Token], start: int) -> list[Token]:
    """The content words in a row from an offset, as far as they can be the name of a measure."""
    words: list[Token] = []
    at = start
    for token in (token for token in tokens if token.start >= start):
        gap = text[at : token.start]
        if (words and not BETWEEN.fullmatch(gap)) or (not words and gap) or not is_nameable(token):
            break
        words.append(token)
        at = token.end
    return words if len(words) <= LONGEST_PHRASE else []


def is_nameable(token: Token) -> bool:
    return token.term.isalpha() and len(token.term) > 2 and token.term not in generic_words()
