"""What `qa check` found, and how it is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Literal

from qa.editing.locations import Location
from qa.indexes.quotations import count_support
from qa.messages import say
from qa.models import Document

# An error fails the check. A note is about nothing that should be changed.
Severity = Literal["error", "warning", "note"]
LONGEST_QUOTE = 100  # characters: a finding is a line
Findings = Iterator[tuple[Location, str, str]]  # place, quoted text and message of each


@dataclass(frozen=True, slots=True)
class Finding:
    """An error, a warning about something readers may miss, or a note. `text` quotes what it is about. Text that was
    taken out of a file has no line: it has a `page`, or a `section`, the heading above."""

    kind: str
    severity: Severity
    file: str
    line: int | None
    text: str
    message: str
    page: int | None = None
    section: str = ""

    @property
    def place(self) -> str:
        """Where it is in the file; empty if that is not known."""
        return str(Location(self.file, self.line, self.page, self.section))


def as_report(findings: Sequence[Finding], documents: Sequence[Document] = ()) -> Iterator[str]:
    """Yield lines for the terminal: findings grouped by file, then by kind, errors first, each with its line number. A
    message shared by all findings of a kind is printed once. Each document has a line that sums it up."""
    files: dict[str, dict[str, list[Finding]]] = {}
    for finding in sorted(findings, key=lambda finding: finding.severity != "error"):
        if finding.severity != "note":
            files.setdefault(finding.file, {}).setdefault(finding.kind, []).append(finding)
    read = {document.file: document for document in documents}
    for file in (*files, *(file for file in read if file not in files)):
        kinds = files.get(file, {})
        # a name may have a line break in it
        yield f"{' '.join(file.split())}: {numbers_of([finding for alike in kinds.values() for finding in alike])}"
        if file in read:
            yield f"  {summary_of(read[file])}"
        for alike in kinds.values():
            yield from report_kind(alike)
    yield from (f"{each.file}: {each.kind}: {each.message}" for each in findings if each.severity == "note")


def numbers_of(findings: Sequence[Finding]) -> str:
    numbers = Counter(finding.severity for finding in findings)
    notes = f", notes: {numbers['note']}" if numbers["note"] else ""
    return f"errors: {numbers['error']}, warnings: {numbers['warning']}{notes}"


def summary_of(document: Document) -> str:
    """What was read of a document: title, language and date, sentences by source, marks, works."""
    about, support = document.provenance, count_support([document])
    claims = sum((support.cited, support.inherited, support.named_source, support.uncited))
    sourced = claims - support.uncited
    unread = sum(bool(citation.unresolved) for citation in document.citations)
    date = say(f"hit.dated_by_{about.date_from or 'owner'}", date=about.date) if about.date else say("hit.no_date")
    return say(
        "check.summary",
        title=about.title,
        language=about.language,
        date=date,
        claims=claims,
        sourced=sourced,
        marks=len(document.citations),
        unread=unread,
        works=len(document.references),
    )


def report_kind(findings: Sequence[Finding]) -> Iterator[str]:
    first, messages = findings[0], {finding.message for finding in findings}
    alike = len(messages) == 1 and len(findings) > 1
    yield f"  {first.severity}: {first.kind} ({len(findings)}){': ' + first.message if alike else ''}"
    said: Counter[str] = Counter()
    for finding in findings:
        words = shorten(finding.text, LONGEST_QUOTE, placeholder=" …")
        message = "" if alike else " ".join(finding.message.split())
        said[": ".join(filter(None, (finding.place, words, message)))] += 1
    for line, times in said.items():
        yield f"    {line}" + (f" ({say('check.times', n=times)})" if times > 1 else "")
