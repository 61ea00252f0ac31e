"""Read the words of a question once while it is answered, and forget them afterwards: they must not be stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

Read = TypeVar("Read")
_asked: ContextVar[dict[object, Any] | None] = ContextVar("what was read of the question that is being answered")


def once_a_question(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """A function that reads a word or a text once while a question is answered (`reading_once`)."""

    @wraps(read)
    def read_once(text: str) -> Read:
        known = _asked.get(None)
        if known is None:
            return read(text)
        key = read, text
        if key not in known:
            known[key] = read(text)
        return cast(Read, known[key])

    return read_once


@contextmanager
def reading_once() -> Iterator[None]:
    """While a question is answered, read its words once. They are forgotten afterwards."""
    before = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(before)
