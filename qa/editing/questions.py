"""`qa questions`: what readers asked and what they said of the answers (QA_FEEDBACK)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from qa.editing.listing import in_toml
from qa.feedback import Objection, StoredQuestion
from qa.messages import count, say
from qa.models import AnswerStatus, Document
from qa.text.analysis import analyze

FEWEST_WORDS = 5  # of the beginning of a sentence, unless another sentence begins in the same way
SECTIONS: tuple[tuple[str, AnswerStatus | None, bool | None], ...] = (
    # message, status and judgment of the questions in a section; None: any
    ("questions.wrong", None, False),
    ("questions.abstained", "abstained", None),
    ("questions.closest", "closest", None),
    ("questions.right", None, True),
)


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions with the same words, whatever their order and form: the first as an example, and how many."""

    example: StoredQuestion
    number: int


def groups_of(
    records: Iterable[StoredQuestion], status: AnswerStatus | None, right: bool | None
) -> list[QuestionGroup]:
    """The questions with this status and judgment, the most frequent first."""
    found: dict[str, list[StoredQuestion]] = defaultdict(list)
    for record in records:
        if record.right is right and (status is None or record.status == status):
            found[key_of(record.question)].append(record)
    return sorted((QuestionGroup(same[-1], len(same)) for same in found.values()), key=lambda group: -group.number)


def key_of(question: str) -> str:
    return " ".join(sorted({token.term for token in analyze(question)})) or question


def as_list(records: Sequence[StoredQuestion], objections: Sequence[Objection] = ()) -> Iterator[str]:
    """Yield lines for the terminal: objections to sentences, then the questions by what came of them, each with how
    often it was asked."""
    if objections:
        yield f"{say('questions.objections')} ({len(objections):,})"
    for each in objections:
        yield f"  {each.document}, {each.sentence}: {each.text}"
        yield f"    {each.day}: {' '.join(each.reason.split())}"
    for message, status, right in SECTIONS:
        groups = groups_of(records, status, right)
        if groups:
            number = count("questions.number", sum(group.number for group in groups))
            yield f"{say(message)} ({number})"
            yield from (f"  {group.number:4}  {group.example.question}" for group in groups)


# --- ready to be used ------------------------------------------------------------------------------


def as_judgments(records: Sequence[StoredQuestion], documents: Sequence[Document]) -> Iterator[str]:
    """Yield lines for questions.jsonl: what readers found right with its sentences, the others without, to be completed
    if a document answers them."""
    texts = {(d.id, s.id): d.text[s.start : s.end] for d in documents for s in d.sentences}
    for message, status, right in SECTIONS:
        for group in groups_of(records, status, right):
            example = group.example
            entry: dict[str, Any] = {"question": example.question}
            shown = [(document, texts[document, id]) for document, id in example.shown if (document, id) in texts]
            if right and shown:
                within = [text for document, text in shown if document == shown[0][0]]
                entry |= {"document": shown[0][0], "sentences": [beginning(text, texts.values()) for text in within]}
            batch = f"readers {example.day[:7]}"
            yield orjson.dumps(entry | {"kind": message.partition(".")[2], "asker": "reader", "batch": batch}).decode()


def beginning(text: str, every: Iterable[str]) -> str:
    """The first words of a sentence, as many as tell it from the others; all, if another has the same."""
    words = text.split(" ")
    others = [other for other in every if other != text]
    for number in range(FEWEST_WORDS, len(words)):
        start = " ".join(words[:number])
        if not any(other.startswith(start) for other in others):
            return start
    return text


def as_words(records: Sequence[StoredQuestion], documents: Sequence[Document]) -> Iterator[str]:
    """Yield, as TOML to edit, the words of questions without a sure answer that no document has, the most frequent
    first."""
    known = {token.term for document in documents for token in analyze(document.text)}
    asked: Counter[str] = Counter()
    forms: dict[str, str] = {}
    for record in records:
        if record.status != "answered" and record.right is None:
            for token in {token.term: token for token in analyze(record.question)}.values():
                if token.term not in known:
                    asked[token.term] += 1
                    forms.setdefault(token.term, token.form)
    yield f"# {say('questions.words')}"
    for term, number in asked.most_common():
        times = count("questions.asked", number)
        yield f"\n# {times}"
        yield f'# [[group]]\n# words = [{in_toml(forms[term])}, ""]'
