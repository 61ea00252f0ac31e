"""Questions put to one-page documents of many fields: `python -m benchmarks.quality --pages known|other|unseen`.

*known*: the pages of tests/data/pages that others were developed on; *other*: those of tests/data/other_pages that the
numbers of relevance.toml were fitted on; *unseen*: those that nothing was fitted on. Each page is asked its own
questions, some of other pages and those of the off-topic list that are not used for fitting; then all own questions are
asked of all these pages in one corpus.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.features import Asked, Page, further_pages, known_pages, opened, put_to, uses_meaning
from qa.editing.calibration import calibration_of
from qa.indexes import OpenIndex
from testkit.other_pages import corpus_of, other_pages
from testkit.question_sets import Outcome, judge

NEAR = ("near_miss", "trap")
CURVE = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and what came of it."""

    asked: Asked
    outcome: Outcome


def judged(asked: Asked, index: OpenIndex) -> Judged:
    row = {"question": asked.question, "kind": asked.kind, "sentences": asked.sentences}
    return Judged(asked, judge(row, index))


def pages_of(group: str) -> Iterator[Page]:
    if group == "known":
        return (page for page in known_pages(meaning=uses_meaning()) if page.group == "known")
    return further_pages(meaning=uses_meaning(), unseen=group == "unseen")


def show_pages(group: str) -> None:
    """Print the measures of a group of pages."""
    pages = list(pages_of(group))
    every = [asked for page in pages for asked in page.own]
    found = [judged(asked, page.index) for page in pages for asked in put_to(page, every)]
    print(
        f"{len(pages)} pages, {'with' if uses_meaning() else 'without'} the encoder: {', '.join(p.name for p in pages)}"
    )
    show_measures(found)
    show_calibration(found)
    show_curve([each for each in found if each.asked.part == "own"])
    if group != "known":
        folder = corpus_of(other_pages(unseen=group == "unseen"), Path(tempfile.mkdtemp()) / "all")
        index = opened(folder, meaning=uses_meaning())
        together = [judged(asked, index) for asked in every if asked.answerable]
        print(f"all in one corpus of {index.manifest.passages} passages")
        show("right first", together, lambda each: each.first)
        show("right in three", together, lambda each: each.in_three)


def show(name: str, chosen: Sequence[Judged], holds: Callable[[Outcome], bool]) -> None:
    """Print a share with its counts."""
    number = sum(holds(each.outcome) for each in chosen)
    print(f"  {name:40} {number / max(1, len(chosen)):.3f} ({number}/{len(chosen)})")


def show_measures(found: Sequence[Judged]) -> None:
    own = [each for each in found if each.asked.part == "own"]
    can, cannot = ([each for each in own if each.asked.answerable is which] for which in (True, False))
    show("right first", can, lambda each: each.first)
    show("right in three", can, lambda each: each.in_three)
    show("answering sentence marked", can, lambda each: each.marked)
    show("answerable: abstained", can, lambda each: each.abstained)
    show("answerable: answered", can, lambda each: each.answered)
    show("right of these", [each for each in can if each.outcome.answered], lambda each: each.first)
    show("right of all answered", [each for each in own if each.outcome.answered], lambda each: each.first)
    show("unanswerable: not answered", cannot, lambda each: not each.answered)
    near = [each for each in cannot if each.asked.kind in NEAR]
    show("near misses and traps: not answered", near, lambda each: not each.answered)
    other = [each for each in found if each.asked.part == "other" or each.asked.kind == "other_subject"]
    show("other subject: not answered", other, lambda each: not each.answered)
    show("other subject: abstained", other, lambda each: each.abstained)
    off = [each for each in found if each.asked.part == "off-even" or each.asked.kind == "off_topic"]
    show("off topic: abstained", off, lambda each: each.abstained)
    for kind in ("everyday", "professional", "long"):
        if chosen := [each for each in can if each.asked.kind == kind]:
            show(f"{kind}: right first", chosen, lambda each: each.first)


def show_calibration(found: Sequence[Judged]) -> None:
    own = [each for each in found if each.asked.part == "own"]
    calibration = calibration_of([(each.outcome.confidence, each.outcome.first) for each in own])
    if calibration:
        bins = "  ".join(f"{each.confidence:.2f}→{each.right:.2f}" for each in calibration.bins)
        print(f"  calibration error {calibration.error:.3f}, by chance {calibration.chance:.3f}; {bins}")


def show_curve(own: Sequence[Judged]) -> None:
    """Print what other thresholds would give: answered of the answerable, right of these and of all answered, near
    misses and traps answered."""
    can = [each for each in own if each.asked.answerable]
    near = [each for each in own if each.asked.kind in NEAR]
    print("  threshold  answered  right of these  of all answered  near misses answered")
    for threshold in CURVE:
        said = [each for each in own if each.outcome.confidence >= threshold]
        said_can = [each for each in said if each.asked.answerable]
        shares = (
            len(said_can) / max(1, len(can)),
            sum(each.outcome.first for each in said_can) / max(1, len(said_can)),
            sum(each.outcome.first for each in said) / max(1, len(said)),
            sum(each.outcome.confidence >= threshold for each in near) / max(1, len(near)),
        )
        print(f"  {threshold:9.2f}  " + "  ".join(f"{share:.2f}" for share in shares))
