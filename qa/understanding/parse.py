"""Question to what was understood of it. What is understood is always shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.conditions import Mention
from qa.errors import QuestionError
from qa.messages import say
from qa.models import Correction, Span
from qa.text.analysis import Token, analyze
from qa.text.language import foreign_language
from qa.understanding.aspects import Cue
from qa.understanding.expansion import Alike, Synonyms, in_terms
from qa.understanding.illnesses import Illness
from qa.understanding.lexicon import Lexicon

MAX_CHARACTERS = 1000
# Control characters but tab and line ends, and halves of surrogate pairs, which are no text in any encoding.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

ENDED = re.compile(r"\w[^\w.?!]*[.?!]+(?=\s|$)")  # the last word of a sentence

# Questions that a figure or a finding answers; the sentence that answers is then likelier to show one
# (highlighting, rule B). Words of asking, so they are gone from the terms by then.
ASKS_NUMBER = re.compile(
    r"\b(how (many|much|often|long|high|low|large|big)|what (number|percentage|share|dose|rate))\b", re.I
)
ASKS_EFFECT = re.compile(
    r"\b(does|do|did|can|will|would|effects?|effective\w*|efficacy|works?|helps?|better|worse|improve\w*|reduce\w*|"
    r"difference|compared?|versus|vs)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a message as understood; places are in `Message.searched`.

    `tokens` are its content words in order, `told` those of the rest of the message. `illnesses` are those that it
    names by a name that is none of the owner's. `names` are the conditions and interventions it names; where it names
    none of a kind, those of the whole message. `cues` are the aspects it asks about, `alike` gives other terms for its
    terms, `related` those near them.
    """

    span: Span
    tokens: tuple[Token, ...]
    told: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    illnesses: tuple[Illness, ...]
    cues: tuple[Cue, ...]
    alike: Mapping[str, frozenset[str]]
    related: Mapping[str, Mapping[str, float]]
    asks_number: bool
    asks_effect: bool


@dataclass(frozen=True, slots=True)
class Message:
    """What was sent: `text` as written, `searched` after correction, and the questions in it, at least one. `language`
    is the one it is in when that is none of the documents'."""

    text: str
    searched: str
    corrections: tuple[Correction, ...]
    questions: tuple[Question, ...]
    sentences: int
    language: str | None


def check_question(text: str) -> str:
    """The question, trimmed and in composed form (NFC).

    Raises QuestionError when it is empty, longer than MAX_CHARACTERS or holds control characters, all as it was sent.
    """
    if not text.strip():
        raise QuestionError("q", say("question.empty"))
    if len(text) > MAX_CHARACTERS:
        raise QuestionError("q", say("question.too_long", limit=f"{MAX_CHARACTERS:,}"))
    if CONTROL.search(text):
        raise QuestionError("q", say("question.control"))
    return unicodedata.normalize("NFC", text.strip())


def read_message(text: str, words: Lexicon) -> Message:
    """What a message asks for. Raises QuestionError as `check_question` does."""
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
        questions=tuple(read_question(span, searched, tokens, mentions, words) for span in spans),
        sentences=max(1, len(ENDED.findall(searched))),
        language=language,
    )


def with_content(spans: Sequence[Span], searched: str, tokens: Sequence[Token], words: Lexicon) -> list[Span]:
    """The questions that say what they are about. Where none does ("is that what they found?"), the last goes with
    the sentence before it that does, or the message is one question."""

    def says(token: Token) -> bool:
        return token.term not in words.generic

    full = [s for s in spans if any(map(says, within(tokens, s))) or words.aspects.tells(searched[s.start : s.end])]
    if full:
        return full
    last = max((token.start for token in tokens if token.start < spans[0].start and says(token)), default=None)
    if last is None:
        return [Span(0, len(searched))]
    start = max((m.end() for m in re.finditer(r"[.?!\n]\s", searched[:last])), default=0)
    return [Span(start, spans[-1].end)]


def read_question(
    span: Span, searched: str, tokens: Sequence[Token], mentions: Sequence[Mention], words: Lexicon
) -> Question:
    asked = searched[span.start : span.end]
    cues = [c._replace(start=c.start + span.start, end=c.end + span.start) for c in words.aspects.asked(asked)]
    cues += [cue for cue in words.aspects.told(searched) if not span.start <= cue.start < span.end]
    own = tuple(within(tokens, span))
    illnesses = tuple(find_others(searched, span, mentions, words))
    mentions = [m for m in mentions if not any(i.start <= m.start and m.end <= i.end for i in illnesses)]
    named: list[Mention | Illness] = [*mentions, *illnesses]
    return Question(
        span=span,
        tokens=own,
        told=tuple(token for token in tokens if token not in own),
        mentions=tuple(mentions),
        illnesses=illnesses,
        cues=tuple(cue for cue in cues if not any(n.start <= cue.start and cue.end <= n.end for n in named)),
        alike=other_words(asked, own, illnesses, words.synonyms),
        related={token.term: words.related(token.term) for token in own if token.term not in words.generic},
        asks_number=bool(ASKS_NUMBER.search(asked)),
        asks_effect=bool(ASKS_EFFECT.search(asked)),
    )


def other_words(asked: str, tokens: Sequence[Token], illnesses: Iterable[Illness], synonyms: Synonyms) -> Alike:
    """Other terms for the terms of a question: of the lists, and the documents' names for the illnesses it names."""
    alike = dict(synonyms.alike(asked))
    for illness in illnesses:
        names = frozenset(map(in_terms, illness.names))
        for term in {token.term for token in tokens if illness.start <= token.start < illness.end}:
            if others := names - {term}:
                alike[term] = alike.get(term, frozenset()) | others
    return alike


def find_others(searched: str, span: Span, mentions: Sequence[Mention], words: Lexicon) -> Iterator[Illness]:
    """Illnesses that a question names otherwise than by the owner's names. A longer name wins over a word that the
    owner lists for questions only: on a page about migraine a headache is a migraine, a cluster headache is not."""
    asked, start = searched[span.start : span.end], span.start
    for illness in words.illnesses(asked):
        here = illness._replace(start=illness.start + start, end=illness.end + start)
        overlapping = [mention for mention in mentions if mention.start < here.end and here.start < mention.end]
        if all(mention.end - mention.start < here.end - here.start for mention in overlapping):
            firm = words.names.find(searched[here.start : here.end]) if overlapping else ()
            if not firm:
                yield here


def within(tokens: Sequence[Token], span: Span) -> list[Token]:
    return [token for token in tokens if span.start <= token.start < span.end]


def correct_words(text: str, correct: Callable[[str], str | None]) -> tuple[str, tuple[Correction, ...]]:
    """The text with unknown words replaced by the nearest known ones, and what was replaced."""
    found: dict[str, Correction] = {}
    pieces, end = [], 0
    for token in analyze(text):
        written = text[token.start : token.end]
        if nearest := correct(written):
            found[written.casefold()] = Correction(written, nearest)
            pieces += [text[end : token.start], nearest]
            end = token.end
    return "".join([*pieces, text[end:]]), tuple(found.values())
