"""What the service is. Without slots, as in `answer.py`."""

from __future__ import annotations

from dataclasses import dataclass

from qa.models.listing import EncoderState, SupportCounts


@dataclass(frozen=True)
class FormatCount:
    """The documents read from files of one format (the ending, "pdf"). `extracted`: their text was taken out of the
    files; `trouble` is the number of places in which something was dropped or guessed."""

    format: str
    documents: int
    extracted: bool
    trouble: int


@dataclass(frozen=True)
class LicenceCount:
    """The number of documents under a licence; None: they give none."""

    licence: str | None
    documents: int


@dataclass(frozen=True)
class About:
    """What the service is: whose documents it has, how they were read, how sure its answers are.

    `version` is that of the documents, `published` the day (UTC) on which it was published, `release` that of the
    software. A question counts as answered from a confidence (0 to 1) of `answer_from`; `measured` is a page of the
    owner that says how often answers were right, empty if there is none.
    """

    owner: str
    intro: str
    contact: str
    version: str
    published: str
    release: str
    licence: str
    encoder: EncoderState
    answer_from: float
    measured: str
    documents: int
    passages: int
    formats: tuple[FormatCount, ...]
    support: SupportCounts
    licences: tuple[LicenceCount, ...] = ()
