"""What readers' questions and judgments are stored as, if the operator asks for it (QA_FEEDBACK).

One file a day, to which all processes append. A line has the words of a question, what was shown, and whether a reader
said that it was right; nothing about the reader, and no time but the day.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from qa.log import LOG
from qa.models import Answer, AnswerStatus

LONGEST_REASON = 2_000  # characters of an objection
KEPT_DAYS = 90  # a quarter: enough to see what is asked, short enough to promise readers
MOST_BYTES = 1_000_000  # of a day, some 4,000 lines: more are hardly read, and the folder stays below 90 MB
LONGEST_QUESTION = 300  # characters; a longer one is hardly of use for another reader, and more likely personal
MOST_SENTENCES = 20  # sentences
FILE = re.compile(r"(\d{4}-\d\d-\d\d)\.jsonl")
WORD = re.compile(r"\w+(?:['’-]\w+)*")
PERSONAL = re.compile(r"\S+@\S+|\+?\d[\d\s()./-]{5,}\d|\b(?:https?://|www\.)\S+")


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question and what was shown for it: `version` of the documents, `status`, and the ids of documents and
    sentences, those that answer if any do. `right` is what a reader said of it, None if nobody did."""

    day: str
    question: str
    version: str
    status: AnswerStatus
    shown: tuple[tuple[str, str], ...]
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """What a reader says is wrong with a sentence: `text` is the sentence in that version of its document."""

    day: str
    document: str
    sentence: str
    text: str
    version: str
    reason: str


def words_asked(question: str) -> str:
    """The words of a question in lower case, without addresses, long numbers and punctuation."""
    found = WORD.findall(PERSONAL.sub(" ", question).casefold())
    return " ".join(found)[:LONGEST_QUESTION].strip()


def judged(answer: Answer, right: bool | None = None) -> StoredQuestion:
    """What is stored of an answer today."""
    hits = [(hit, [s for s in hit.sentences if s.answers] or hit.sentences) for hit in answer.answers]
    shown = tuple((hit.document, sentence.id) for hit, sentences in hits for sentence in sentences)[:MOST_SENTENCES]
    return StoredQuestion(today(), words_asked(answer.question), answer.index.version, answer.status, shown, right)


def today() -> str:
    return datetime.now(UTC).date().isoformat()


@dataclass(slots=True)
class FeedbackFolder:
    """The folder with a file for each day. Several processes may add at once: each line is written whole or not at
    all, under a lock."""

    folder: Path
    forgotten: str = ""  # the day on which this process has last deleted old files

    def add(self, record: StoredQuestion | Objection) -> None:
        """Store a line. If that is not possible, for example because the disk is full, it is logged and lost: readers
        get their answer all the same."""
        try:
            self.append(record.day, orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        except OSError as error:
            LOG.warning("feedback not stored", reason=error.strerror)

    def append(self, day: str, line: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{day}.jsonl"
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            before = os.fstat(opened).st_size
            if before + len(line) > MOST_BYTES:
                return
            try:
                if os.write(opened, line) < len(line):
                    raise OSError(0, "written in part")
            except OSError:
                os.ftruncate(opened, before)
                raise
            midnight = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
            os.utime(opened, (midnight, midnight))  # a file's own time would tell when the last question came
        finally:
            os.close(opened)

    def forget_once_a_day(self) -> None:
        """Delete the files that are too old."""
        if self.forgotten == today():
            return
        self.forgotten = today()
        oldest = (date.fromisoformat(today()) - timedelta(days=KEPT_DAYS)).isoformat()
        for path in self.days():
            if path.name < oldest:
                with suppress(OSError):  # another process may just have deleted it
                    path.unlink()

    def days(self) -> list[Path]:
        """The files, oldest first."""
        return sorted(path for path in self.folder.glob("*.jsonl") if FILE.fullmatch(path.name))

    def read(self) -> Iterator[StoredQuestion]:
        """All questions that are stored, oldest first, without lines that cannot be read."""
        for known in self.lines():
            with suppress(KeyError, TypeError, ValueError):
                shown = tuple((str(one), str(other)) for one, other in known["shown"])
                yield StoredQuestion(**known | {"shown": shown})

    def objections(self) -> Iterator[Objection]:
        """All objections that are stored, oldest first."""
        for known in self.lines():
            with suppress(TypeError):
                yield Objection(**known)

    def lines(self) -> Iterator[dict[str, Any]]:
        for path in self.days():
            for line in path.read_bytes().splitlines():
                with suppress(ValueError):
                    if isinstance(known := orjson.loads(line), dict):
                        yield known
