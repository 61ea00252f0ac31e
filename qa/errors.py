"""The package's exceptions and the HTTP status each maps to.

QAError                     500
├── CorpusError             500  fault in the owner's files: where, what, how to fix it
│   ├── Repaired            500  a fault that was repaired while reading
│   ├── NotADocument        500  a file in the folder is no document, which is no fault
│   └── ReadingError        500  one document cannot be read
│       ├── OurFault        500  because of a bug in this program
│       │   └── ReadingStopped  500  because reading it ends the process
│       └── SameWork        500  it is not read, because another file has the same work
├── BadSetting              500  invalid setting or command-line option
├── QuestionError           422  the question is not valid
│   └── UnknownCondition    422  condition id not in the vocabulary
├── NotFound                404  no such passage, document or reference
├── VersionGone             410  a link names a version that is no longer served
└── IndexUnavailable        503  the index cannot be queried right now
    └── IndexStarting       503  the index is still being built
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import PurePath

from qa.messages import say


class QAError(Exception):
    """Base class. `str(error)` is a sentence that is safe to show to a user."""

    status = 500


class CorpusError(QAError):
    """A fault in the owner's files. The message gives the file, the line if known, the fault and how to fix it.
    `others` are further faults found at the same time."""

    def __init__(self, file: str, message: str, *, line: int | None = None) -> None:
        self.file, self.line, self.message = file, line, message
        self.others: tuple[CorpusError, ...] = ()
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {message}")

    def __reduce__(self) -> tuple[object, ...]:
        """How it passes from one process to another."""
        return restored_error, (type(self), self.file, self.message, self.line)


def restored_error(kind: type[CorpusError], file: str, message: str, line: int | None) -> CorpusError:
    error = kind.__new__(kind)
    CorpusError.__init__(error, file, message, line=line)
    return error


class Repaired(CorpusError):
    """A fault in a list of works that was repaired while reading it, so that nothing is lost."""


class NotADocument(CorpusError):
    """A file in the folder that is no document, such as a picture, is left out. That is no fault."""


class ReadingError(CorpusError):
    """One document cannot be read."""


class OurFault(ReadingError):
    """One document cannot be read because of a bug in this program, which its owner cannot fix."""

    def __init__(self, file: str, error: BaseException) -> None:
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if "qa" in PurePath(frame.filename).parts
        ]
        at = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        bug = f"a bug in this program ({type(error).__name__}{at})"
        super().__init__(file, f"cannot be read because of {bug}. The document is skipped; please report this line.")


class ReadingStopped(OurFault):
    """Reading one document ends the process that reads it, each time."""

    def __init__(self, file: str) -> None:
        message = "cannot be read: the process that reads it ends, perhaps because it needs more memory than there is."
        CorpusError.__init__(self, file, f"{message} The document is skipped; divide it, or report this line.")


class SameWork(ReadingError):
    """A document is left out because another file has the same work."""

    def __init__(self, file: str, kept: str) -> None:
        super().__init__(
            file, f"is the same work as {kept}, which is used. Remove one, or list both in documents.toml."
        )


class BadSetting(QAError):
    """A setting or command-line option has an invalid value. The message says how to fix it."""


class QuestionError(QAError):
    """The question is not valid. `parameter` names the faulty parameter; the input is never echoed."""

    status = 422

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        super().__init__(message)


class UnknownCondition(QuestionError):
    """A condition id that is not in the vocabulary; `known` lists those that are."""

    def __init__(self, known: Sequence[str]) -> None:
        self.known = tuple(known)
        name = "question.unknown_condition" if known else "question.no_conditions"
        super().__init__("condition", say(name, known=", ".join(known)))


class NotFound(QAError):
    """No such passage, document or reference in this version. `within` is the path of the page on which it would be, if
    that is there."""

    status = 404

    def __init__(self, message: str, within: str = "") -> None:
        self.within = within
        super().__init__(message)


class VersionGone(QAError):
    """A link names a version of the documents that is no longer served. `changes` says what has become of the sentences
    that it showed and that have changed, if that is known."""

    status = 410

    def __init__(self, message: str, changes: Sequence[object] = ()) -> None:
        self.changes = tuple(changes)
        super().__init__(message)


class IndexUnavailable(QAError):
    """The index cannot be queried right now. Never turned into an empty result."""

    status = 503


class IndexStarting(IndexUnavailable):
    """The index is still being built: the service is starting, not failing."""
