"""What `qa check` found, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Literal

Severity = Literal["error", "warning"]
LONGEST_QUOTE = 100  # characters: a finding is a line


@dataclass(frozen=True, slots=True)
class Finding:
    """An error, or a warning about something readers may miss. `text` quotes what it is about."""

    kind: str
    severity: Severity
    file: str
    line: int | None
    text: str
    message: str


def as_report(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield lines for the terminal: findings grouped by file, then by kind, each with its line number. A message shared
    by all findings of a kind is printed once."""
    files: dict[str, dict[str, list[Finding]]] = {}
    for finding in findings:
        files.setdefault(finding.file, {}).setdefault(finding.kind, []).append(finding)
    for file, kinds in files.items():
        yield file
        for alike in kinds.values():
            yield from report_kind(alike)


def report_kind(findings: Sequence[Finding]) -> Iterator[str]:
    first, messages = findings[0], {finding.message for finding in findings}
    alike = len(messages) == 1 and len(findings) > 1
    yield f"  {first.severity}: {first.kind} ({len(findings)}){': ' + first.message if alike else ''}"
    for finding in findings:
        place = f"line {finding.line}: " if finding.line else ""
        words = shorten(finding.text, LONGEST_QUOTE, placeholder=" …")
        yield f"    {place}{words}{'' if alike else ': ' + ' '.join(finding.message.split())}"
