"""Deprecated alias of `qa.answering.answer`; to be removed in the next release."""

from qa.answering.answer import answer

__all__ = ["answer"]
