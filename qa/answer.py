"""The name of the last release for `qa.answering.answer`; gone in the next."""

from qa.answering.answer import answer

__all__ = ["answer"]
