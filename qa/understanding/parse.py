"""Interpret a message: its questions and what each of them asks. The interpretation is always shown to the user."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from qa.conditions import Mention
from qa.errors import QuestionError
from qa.messages import say
from qa.models import Correction, Span
from qa.text.analysis import Token, analyze, listed_in_terms
from qa.text.language import foreign_language
from qa.understanding.aspects import Cue
from qa.understanding.expansion import Alike, Synonyms
from qa.understanding.illnesses import Illness
from qa.understanding.lexicon import Lexicon
from qa.understanding.named_works import NamedWork
from qa.understanding.numbers import NumberKind, asked_number

MAX_CHARACTERS = 1000
# Control characters except tab and line ends, and lone surrogates, which no encoding can represent.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

ENDED = re.compile(r"\w[^\w.?!]*[.?!]+(?=\s|$)")  # the last word of a sentence

# Questions that call for a result; the answering sentence is then more likely to contain one. Matched in the text
# because these are stop words, which are not among the terms.
ASKS_EFFECT = re.compile(
    r"\b(does|do|did|can|will|would|effects?|effective\w*|efficacy|works?|helps?|better|worse|improve\w*|reduce\w*|"
    r"difference|compared?|versus|vs)\b",
    re.I,
)


class Spanned(Protocol):
    """A part of a text, from `start` to `end`: a span, a token, or a name, cue or work found in it."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a message, as interpreted.

    `searched` is the whole message after correction, into which all offsets are, `sentences` the number of its
    sentences. `tokens` are its content words in order, `context_tokens` those of the rest of the message. `mentions`
    are the conditions and treatments named anywhere in the message. `illnesses` are those it names that are not in the
    owner's vocabulary, `works` the cited works it names. `cues` are the aspects it asks about. `alike` maps its terms
    to synonyms. `number` is the kind of number it asks for. `alone`: it is the only question of the message.
    """

    searched: str
    sentences: int
    span: Span
    tokens: tuple[Token, ...]
    context_tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    illnesses: tuple[Illness, ...]
    works: tuple[NamedWork, ...]
    cues: tuple[Cue, ...]
    alike: Alike
    number: NumberKind | None
    asks_effect: bool
    alone: bool = True

    def written(self, part: Spanned) -> str:
        """A part of the message as written, after correction."""
        return self.searched[part.start : part.end]

    def is_inside(self, part: Spanned) -> bool:
        """Whether a part of the message starts within the question itself."""
        return self.span.start <= part.start < self.span.end

    def terms_of(self, part: Spanned) -> frozenset[str]:
        """The terms of the question's words within a part of the message."""
        return frozenset(token.term for token in self.tokens if part.start <= token.start < part.end)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as interpreted: `text` as written, `searched` after correction, and its questions, at least one.

    `language` is set if the message is in a language that no document is in.
    """

    text: str
    searched: str
    corrections: tuple[Correction, ...]
    questions: tuple[Question, ...]
    language: str | None


def check_question(text: str) -> str:
    """The question, trimmed and in composed form (NFC).

    Raises QuestionError if the text as sent is empty, longer than MAX_CHARACTERS or contains control characters.
    """
    if not text.strip():
        raise QuestionError("q", say("question.empty"))
    if len(text) > MAX_CHARACTERS:
        raise QuestionError("q", say("question.too_long", limit=f"{MAX_CHARACTERS:,}"))
    if CONTROL.search(text):
        raise QuestionError("q", say("question.control"))
    return unicodedata.normalize("NFC", text.strip())


def read_message(text: str, words: Lexicon) -> Message:
    """The interpretation of a message. Raises QuestionError like `check_question`."""
    text = check_question(text)
    language = foreign_language(text, words.languages)
    searched, corrections = (text, ()) if language else correct_words(text, words.correct)
    tokens = analyze(searched)
    mentions = words.names.find(searched, asking=True)
    spans = with_content(words.divide(searched), searched, tokens, words)
    return Message(
        text=text,
        searched=searched,
        corrections=corrections,
        questions=tuple(
            replace(read_question(span, searched, tokens, mentions, words), alone=len(spans) == 1) for span in spans
        ),
        language=language,
    )


def with_content(spans: Sequence[Span], searched: str, tokens: Sequence[Token], words: Lexicon) -> list[Span]:
    """The questions that say what they are about.

    If none does ("is that what they found?"), the last one is extended back to the nearest sentence that does; failing
    that, the whole message is one question.
    """

    def has_content(token: Token) -> bool:
        return token.term not in words.generic

    full = [
        s
        for s in spans
        if any(map(has_content, within(tokens, s))) or words.aspects.asks_specifics(searched[s.start : s.end])
    ]
    if full:
        return full
    last = max((token.start for token in tokens if token.start < spans[0].start and has_content(token)), default=None)
    if last is None:
        return [Span(0, len(searched))]
    start = max((m.end() for m in re.finditer(r"[.?!\n]\s", searched[:last])), default=0)
    return [Span(start, spans[-1].end)]


def read_question(
    span: Span, searched: str, tokens: Sequence[Token], mentions: Sequence[Mention], words: Lexicon
) -> Question:
    """The interpretation of the question at `span`."""
    asked = searched[span.start : span.end]
    cues = [c._replace(start=c.start + span.start, end=c.end + span.start) for c in words.aspects.asked(asked)]
    own = tuple(within(tokens, span))
    illnesses = tuple(unlisted_illnesses(searched, span, mentions, words))
    mentions = [m for m in mentions if not any(i.start <= m.start and m.end <= i.end for i in illnesses)]
    works = tuple(w._replace(start=w.start + span.start, end=w.end + span.start) for w in words.works(asked))
    named: list[Mention | Illness | NamedWork] = [*mentions, *illnesses, *works]
    return Question(
        searched=searched,
        sentences=max(1, len(ENDED.findall(searched))),
        span=span,
        tokens=own,
        context_tokens=tuple(token for token in tokens if not span.start <= token.start < span.end),
        mentions=tuple(mentions),
        illnesses=illnesses,
        works=works,
        cues=tuple(cue for cue in cues if not any(n.start <= cue.start and cue.end <= n.end for n in named)),
        alike=substitutes(asked, own, illnesses, words.synonyms),
        number=asked_number(asked),
        asks_effect=bool(ASKS_EFFECT.search(asked)),
    )


def substitutes(asked: str, tokens: Sequence[Token], illnesses: Iterable[Illness], synonyms: Synonyms) -> Alike:
    """The substitutes for the terms of a question: synonyms, and the documents' names for its illnesses."""
    alike = dict(synonyms.alike(asked))
    for illness in illnesses:
        names = frozenset(map(listed_in_terms, illness.names))
        for term in dict.fromkeys(token.term for token in tokens if illness.start <= token.start < illness.end):
            if others := names - {term}:
                alike[term] = tuple(sorted(others.union(alike.get(term, ()))))
    return alike


def unlisted_illnesses(searched: str, span: Span, mentions: Sequence[Mention], words: Lexicon) -> Iterator[Illness]:
    """The illnesses in a question that are not in the owner's vocabulary.

    A longer name wins over a word that the owner lists for questions only: on a page about migraine, "headache" means
    migraine but "cluster headache" does not.
    """
    asked, start = searched[span.start : span.end], span.start
    for illness in words.illnesses(asked):
        here = illness._replace(start=illness.start + start, end=illness.end + start)
        overlapping = [mention for mention in mentions if mention.start < here.end and here.start < mention.end]
        if all(mention.end - mention.start < here.end - here.start for mention in overlapping):
            firm = words.names.find(searched[here.start : here.end]) if overlapping else ()
            if not firm:
                yield here


def within(tokens: Sequence[Token], span: Span) -> list[Token]:
    """The tokens that start within a span."""
    return [token for token in tokens if span.start <= token.start < span.end]


def correct_words(text: str, correct: Callable[[str], str | None]) -> tuple[str, tuple[Correction, ...]]:
    """The text with unknown words replaced by the nearest known ones, and the corrections made."""
    found: dict[str, Correction] = {}
    pieces, end = [], 0
    for token in analyze(text):
        written = text[token.start : token.end]
        if nearest := correct(written):
            found[written.casefold()] = Correction(written, nearest)
            pieces += [text[end : token.start], nearest]
            end = token.end
    return "".join([*pieces, text[end:]]), tuple(found.values())
