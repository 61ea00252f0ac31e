"""Read the words of a question once while it is answered, and forget them afterwards: they must not be stored. Words
that the documents have too need not be read: their terms are in the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast

Read = TypeVar("Read")
FindTerm = Callable[[str], str | None]


class WordsRead(NamedTuple):
    """What was read of a question so far, and what finds the terms of words that the documents have."""

    known: dict[object, Any]
    find_term: FindTerm


_asked: ContextVar[WordsRead | None] = ContextVar("what was read of the question that is being answered")


def once_a_question(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """A function that reads a word or a text once while a question is answered (`reading_once`)."""

    @wraps(read)
    def read_once(text: str) -> Read:
        asked = _asked.get(None)
        if asked is None:
            return read(text)
        key = read, text
        if key not in asked.known:
            asked.known[key] = read(text)
        return cast(Read, asked.known[key])

    return read_once


def term_in_documents(form: str) -> str | None:
    """The term of a folded word of the question that is being answered, if the documents have this word too."""
    asked = _asked.get(None)
    return asked.find_term(form) if asked else None


@contextmanager
def reading_once(find_term: FindTerm) -> Iterator[None]:
    """While a question is answered, read its words once. They are forgotten afterwards."""
    before = _asked.set(WordsRead({}, find_term))
    try:
        yield
    finally:
        _asked.reset(before)
