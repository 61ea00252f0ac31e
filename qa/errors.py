"""Every error that this package raises on purpose, each with the HTTP status it stands for.

QAError                     500
├── CorpusError             500  the owner's files: what, where, what to do
│   └── ReadingError        500  one document cannot be read
│       └── OurFault        500  because of a fault of this program
├── BadSetting              500  what the operator chose cannot be used
├── QuestionError           422  the question itself cannot be taken
│   └── UnknownCondition    422  a condition id that the vocabulary does not have
├── NotFound                404  no such passage, document or reference
├── VersionGone             410  the version that a link names is not the one that is served
└── IndexUnavailable        503  the index cannot be asked just now
    └── IndexStarting       503  it is still being built
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import PurePath

from qa.messages import say


class QAError(Exception):
    """Base of all. `str(error)` is a sentence that may be shown to a person."""

    status = 500


class CorpusError(QAError):
    """A fault in the owner's files. The message names file, line where known, fault and remedy."""

    def __init__(self, file: str, message: str, *, line: int | None = None) -> None:
        self.file, self.line, self.message = file, line, message
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {message}")


class ReadingError(CorpusError):
    """One document cannot be read."""


class OurFault(ReadingError):
    """One document cannot be read because of a fault of this program, which its owner cannot mend."""

    def __init__(self, file: str, error: BaseException) -> None:
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if "qa" in PurePath(frame.filename).parts
        ]
        at = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        fault = f"a fault in this program ({type(error).__name__}{at})"
        super().__init__(file, f"cannot be read because of {fault}. The document is left out; please report this line.")


class BadSetting(QAError):
    """What the operator chose, by a setting or on the command line, cannot be used. The message says what to do."""


class QuestionError(QAError):
    """The question cannot be taken as it is. `parameter` is the one at fault; the input is never echoed."""

    status = 422

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        super().__init__(message)


class UnknownCondition(QuestionError):
    """A condition id that the vocabulary does not have; `known` lists those it has."""

    def __init__(self, known: Sequence[str]) -> None:
        self.known = tuple(known)
        name = "question.unknown_condition" if known else "question.no_conditions"
        super().__init__("condition", say(name, known=", ".join(known)))


class NotFound(QAError):
    """No such passage, document or reference in this version."""

    status = 404


class VersionGone(QAError):
    """A link names a version of the documents that is not the one that is served."""

    status = 410


class IndexUnavailable(QAError):
    """The index cannot be asked just now. Never turned into an empty result."""

    status = 503


class IndexStarting(IndexUnavailable):
    """The index is still being built: a start, not a failure."""
