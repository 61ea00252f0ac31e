"""Fit the numbers of qa/data/relevance.toml: `python -m benchmarks.fit [--write]`.

Ranking: listwise logistic regression. Confidence: logistic regression on the features of qa/answering/confidence.py;
the probability fitted is that the first passage answers the question. The data are the questions of all pages but the
unseen ones of testkit/other_pages.py; a page counts for at most as many questions as MOST_OF_PAGE. The figures printed
are of pages left out of the fit, one at a time. The threshold of confidence is the lowest at which, on pages left out,
the answers are expected to be wrong in RISK of the cases: their mean confidence is 1 - RISK. Counting the wrong ones
instead is too rough: from .55 to .75 they are equally many, so that a question more or less moves the threshold by a
tenth. What is off topic is fitted page by page and on all further pages in one corpus, since among more passages one is
nearer by chance.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import log2
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.features import Part, Row, ask, further_pages, known_pages, put_to, put_together
from benchmarks.regressions import Numbers, fit_listwise, fit_logistic, sigmoid
from qa.answering.confidence import features_of, is_aspect_missing, names_covered, nearness
from qa.retrieval.fitted import PAGE, EvidenceKind
from qa.retrieval.scoring import ScoredPassage

MOST_OF_PAGE = {"ranking": 8.0, "confidence": 24.0}
OTHER_WEIGHT, OFF_WEIGHT = 0.05, 0.05  # of a question of another subject or off topic, beside 1 for the page's own
RISK = 0.2
LOST = {"meaning": 0.04, "words": 0.08}  # share of the answerable questions that may be taken for off topic
FEW = 0.5  # share of a question from which it is on topic, however far its meaning
FILE = Path(__file__).parent.parent / "qa" / "data" / "relevance.toml"
COMMON = (
    "margin",
    "missing_numbers",
    "condition",
    "aspect_missing",
    "number_not_given",
)
NAMES: dict[EvidenceKind, tuple[str, ...]] = {
    "meaning": ("match", "meaning_margin", *COMMON, "in_message"),
    "words": ("words", *COMMON),
}


# --- ranking ------------------------------------------------------------------------------------


def listwise_data(rows: Sequence[Row]) -> list[tuple[Row, Numbers, npt.NDArray[np.bool_]]]:
    """For each answerable question with a right passage among those found: words, passage and sentence of each."""
    data = []
    for row in rows:
        if row.asked.answerable and len(row.parts) == 1 and any(row.parts[0].right):
            data.append((row, columns_of(row.parts[0].found), np.array(row.parts[0].right)))
    return data


def columns_of(found: Sequence[ScoredPassage]) -> Numbers:
    closeness = [each.evidence.closeness for each in found]
    return np.array(
        [
            (fixed_score(f), c.passage if c else 0.0, c.closest_two if c else 0.0)
            for f, c in zip(found, closeness, strict=True)
        ]
    )


def fixed_score(found: ScoredPassage) -> float:
    """The score without closeness."""
    return sum(each.value for each in found.why if each.kind not in {"meaning", "sentence"})


def fit_ranking(rows: Sequence[Row]) -> tuple[float, float]:
    """The gains of passage and sentence closeness, in units of the score by words."""
    data = listwise_data(rows)
    weights = page_weights([row for row, _, _ in data], "ranking")
    words, passage, sentence = fit_listwise([(features, right) for _, features, right in data], weights)
    return float(passage / words), float(sentence / words)


def page_weights(rows: Sequence[Row], purpose: str) -> list[float]:
    number = Counter(row.asked.page for row in rows if row.asked.part == "own")
    return [min(1.0, MOST_OF_PAGE[purpose] / number[row.asked.page]) for row in rows]


def reranked(part: Part, gains: tuple[float, float]) -> Part:
    """The part with its passages in the order that these gains give."""
    passages = []
    for found in part.found:
        close = found.evidence.closeness
        by_meaning = gains[0] * close.passage + gains[1] * close.closest_two if close else 0.0
        passages.append(replace(found, score=fixed_score(found) + by_meaning))
    order = sorted(range(len(passages)), key=lambda n: -passages[n].score)
    return replace(part, found=tuple(passages[n] for n in order), right=tuple(part.right[n] for n in order))


# --- confidence ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a message as the regressions see it. `right`: the first passage answers it."""

    row: Row
    refused: bool
    right: bool
    in_three: bool
    confidence: dict[str, float]
    named: bool  # something that the documents cover is named
    nearness: float  # of the nearest passage
    words: float  # the highest share of the question


def cases_of(rows: Sequence[Row], gains: tuple[float, float]) -> list[Case]:
    cases = []
    for row in rows:
        for part in (reranked(part, gains) for part in row.parts):
            if not part.found:
                nothing = dict.fromkeys((*NAMES["meaning"], *NAMES["words"]), 0.0)
                cases.append(
                    Case(
                        row,
                        True,
                        right=False,
                        in_three=False,
                        confidence=nothing,
                        named=False,
                        nearness=-1.0,
                        words=0.0,
                    )
                )
                continue
            request, found, context = part.request, part.found, row.context
            cases.append(
                Case(
                    row,
                    bool(part.refused) or row.foreign,
                    part.right[0],
                    any(part.right[:3]),
                    features_of(request, found, context),
                    names_covered(request),
                    nearness(found),
                    max(each.coverage.share for each in found),
                )
            )
    return cases


def fit_confidence(cases: Sequence[Case], names: Sequence[str]) -> Numbers:
    used = [case for case in cases if not case.refused and case.row.asked.part != "off-even"]
    number = Counter(case.row.asked.page for case in used if case.row.asked.part == "own")
    part_weights = {"own": 1.0, "other": OTHER_WEIGHT, "off-odd": OFF_WEIGHT}
    weights = [
        part_weights[c.row.asked.part] * min(1.0, MOST_OF_PAGE["confidence"] / max(1, number[c.row.asked.page]))
        for c in used
    ]
    features = np.array([[case.confidence[name] for name in names] for case in used])
    return fit_logistic(features, np.array([case.right for case in used], float), np.array(weights))


def predicted(cases: Sequence[Case], coefficients: Numbers, names: Sequence[str]) -> Numbers:
    features = np.array([[case.confidence[name] for name in names] for case in cases])
    return sigmoid(features @ coefficients[:-1] + coefficients[-1])


# --- leaving pages out --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fit:
    """What is fitted for one kind of evidence."""

    gains: tuple[float, float]
    confidence: Numbers


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question of a page left out: its case, its confidence by a fit on the other pages, and how much makes it one
    for the page (what is compared with the threshold for off topic)."""

    case: Case
    confidence: float
    topic: float


def leave_pages_out(cases: Sequence[Case], kind: EvidenceKind) -> list[Prediction]:
    """For each message the prediction for its surest question, by a fit of the confidence without its page. The order
    of the passages is by the gains of all pages: they are two numbers from a thousand questions."""
    found: list[Prediction] = []
    for page in sorted({case.row.asked.page for case in cases}):
        here = [case for case in cases if case.row.asked.page == page]
        fit = fit_confidence([case for case in cases if case.row.asked.page != page], NAMES[kind])
        best: dict[int, Prediction] = {}
        for case, sure in zip(here, predicted(here, fit, NAMES[kind]).tolist(), strict=True):
            each = Prediction(case, sure * (not case.refused), topic_of(case, kind))
            if id(case.row) not in best or each.confidence > best[id(case.row)].confidence:
                best[id(case.row)] = each
        found += best.values()
    return found


def topic_of(case: Case, kind: EvidenceKind) -> float:
    if case.refused:
        return -1.0
    if case.named or (kind == "meaning" and case.words >= FEW):
        return 1.0
    return case.nearness if kind == "meaning" else case.words


def topic_threshold(predictions: Sequence[Prediction], kind: EvidenceKind) -> float:
    """The threshold below which the share LOST of the answerable questions lies, pages counting alike."""
    values, weights = weighed([p for p in predictions if p.case.row.asked.answerable and not p.case.refused], "topic")
    order = np.argsort(values)
    lost = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(lost, LOST[kind])])


def answer_threshold(predictions: Sequence[Prediction], topic_from: float) -> float:
    """The lowest confidence from which the mean confidence of the answers is 1 - RISK, pages counting alike. Prints how
    many of these are right."""
    own = [p for p in predictions if p.case.row.asked.part == "own" and p.topic >= topic_from]
    values, weights = weighed(own, "confidence")
    order = np.argsort(-values)
    values, weights = values[order], weights[order]
    right = np.array([p.case.right for p in own])[order]
    allowed = np.flatnonzero(np.cumsum(weights * values) >= (1 - RISK) * np.cumsum(weights))
    if not allowed.size:
        return 1.0
    said = slice(allowed[-1] + 1)
    print(f"right of all answered, pages counting alike: {weights[said] @ right[said] / weights[said].sum():.3f}")
    return float(values[allowed[-1]])


@dataclass(frozen=True, slots=True)
class Topic:
    """How near, or how much of a question, a passage must be that is on topic, and how it grows with each doubling of
    the passages."""

    least: float
    growth: float = 0.0

    def among(self, passages: int) -> float:
        return self.least + self.growth * max(0.0, log2(max(1, passages) / PAGE))


def fit_topic(predictions: Sequence[Prediction], kind: EvidenceKind, gains: tuple[float, float]) -> Topic:
    """What makes a question one for a page; with vectors also for all further pages in one corpus."""
    least = topic_threshold(predictions, kind)
    if kind == "words":
        return Topic(least)
    rows = [ask(asked, page.index) for page in [put_together()] for asked in page.own]
    nearest: dict[int, Prediction] = {}
    for case in cases_of(rows, gains):
        each = Prediction(case, 0.0, topic_of(case, kind))
        if id(case.row) not in nearest or each.topic > nearest[id(case.row)].topic:
            nearest[id(case.row)] = each
    together = list(nearest.values())
    passages = rows[0].context.index.manifest.passages
    growth = (topic_threshold(together, kind) - least) / log2(passages / PAGE)
    topic = Topic(least, growth)
    lost, refused = (
        [p.topic < topic.among(passages) for p in together if p.case.row.asked.answerable is which]
        for which in (True, False)
    )
    print(f"{passages} passages: {sum(lost)} of {len(lost)} abstained, off topic {sum(refused)} of {len(refused)}")
    return topic


def weighed(predictions: Sequence[Prediction], which: str) -> tuple[Numbers, Numbers]:
    """The values of predictions, and weights by which each page counts as MOST_OF_PAGE questions."""
    pages = Counter(p.case.row.asked.page for p in predictions)
    weights = [12.0 / pages[p.case.row.asked.page] for p in predictions]
    return np.array([getattr(p, which) for p in predictions]), np.array(weights)


# --- the command --------------------------------------------------------------------------------


def gather(*, meaning: bool) -> list[Row]:
    pages = [*known_pages(meaning=meaning), *known_pages(meaning=meaning, lists=True), *further_pages(meaning=meaning)]
    every = list({each.question: each for page in pages for each in page.own}.values())
    return [ask(asked, page.index) for page in pages for asked in put_to(page, every)]


def report(predictions: Sequence[Prediction], topic_from: float, answer_from: float) -> None:
    """Print what the pages left out give, by group of pages."""

    def answered(each: Prediction) -> bool:
        return each.confidence >= answer_from and each.topic >= topic_from

    def abstained(each: Prediction) -> bool:
        return each.topic < topic_from

    def right(each: Prediction) -> bool:
        return each.case.right

    for group in ("other", "known", "first"):
        here = [p for p in predictions if p.case.row.asked.group == group]
        own = [p for p in here if p.case.row.asked.part == "own"]
        can, cannot = ([p for p in own if p.case.row.asked.answerable is each] for each in (True, False))
        lines = (
            ("right first", can, right),
            ("right in three", can, lambda each: each.case.in_three),
            ("answerable abstained", can, abstained),
            ("answerable answered", can, answered),
            ("right of these", [p for p in can if answered(p)], right),
            ("right of all answered", [p for p in own if answered(p)], right),
            ("unanswerable not answered", cannot, lambda each: not answered(each)),
            (
                "near misses and traps not answered",
                [p for p in cannot if p.case.row.asked.kind in ("near_miss", "trap")],
                lambda each: not answered(each),
            ),
            ("off topic abstained", [p for p in here if p.case.row.asked.part == "off-even"], abstained),
            (
                "other subject not answered",
                [p for p in here if p.case.row.asked.part == "other"],
                lambda each: not answered(each),
            ),
        )
        print(f"{group}, pages left out:")
        for name, chosen, test in lines:
            number = sum(map(test, chosen))
            print(f"  {name:35} {number / max(1, len(chosen)):.3f} ({number}/{len(chosen)})")


def report_refusals(rows: Sequence[Row]) -> None:
    """Print how many questions with an answer, and others, are refused by what they name, and how many would be for an
    aspect that no passage shows, on all pages but the first."""
    counts: Counter[tuple[str, bool]] = Counter()
    for row in rows:
        if row.asked.group == "first" or row.asked.part.startswith("off"):
            continue
        part = row.parts[0]
        aspect = "aspect (a feature)" if is_aspect_missing(part.request, part.found) else ""
        reason = "language_not_covered" if row.foreign else part.refused or aspect
        counts[reason, row.asked.answerable] += 1
    print("refused by name: with an answer / others")
    for reason in sorted({reason for reason, _ in counts if reason}):
        print(f"  {reason:30} {counts[reason, True]:3} / {counts[reason, False]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    given = parser.parse_args()
    kinds: tuple[EvidenceKind, ...] = ("meaning", "words")
    fits: dict[EvidenceKind, Fit] = {}
    topics: dict[EvidenceKind, Topic] = {}
    thresholds: dict[EvidenceKind, float] = {}
    for kind in kinds:
        rows = gather(meaning=kind == "meaning")
        if kind == "meaning":
            report_refusals(rows)
        gains = fit_ranking(rows) if kind == "meaning" else (0.0, 0.0)
        cases = cases_of(rows, gains)
        fits[kind] = Fit(gains, fit_confidence(cases, NAMES[kind]))
        predictions = leave_pages_out(cases, kind)
        topics[kind] = fit_topic(predictions, kind, fits[kind].gains)
        thresholds[kind] = answer_threshold(predictions, topics[kind].least)
        print(f"== {kind}: {len(rows)} questions; topic {topics[kind]}, answered from {thresholds[kind]:.2f}")
        print(
            "   ",
            {n: round(float(v), 2) for n, v in zip((*NAMES[kind], "intercept"), fits[kind].confidence, strict=True)},
        )
        report(predictions, topics[kind].least, thresholds[kind])
    if given.write:
        FILE.write_text(as_toml(fits, topics, thresholds), encoding="utf-8")


def as_toml(
    fits: dict[EvidenceKind, Fit], topics: dict[EvidenceKind, Topic], thresholds: dict[EvidenceKind, float]
) -> str:
    """The tables of relevance.toml."""
    head = FILE.read_text(encoding="utf-8").split("made =")[0]
    gains = fits["meaning"].gains
    lines = [head.rstrip(), f"made = {datetime.now(UTC):%Y-%m-%d}", "", "[answer_from]"]
    lines += [f"{kind} = {threshold:.2f}" for kind, threshold in thresholds.items()]
    lines += ["", "[ranking]", f"passage = {gains[0]:.2f}", f"sentence = {gains[1]:.2f}"]
    for kind, fit in fits.items():
        lines += table(f"confidence.{kind}", NAMES[kind], fit.confidence)
    near = topics["meaning"]
    lines += ["", "[off_topic]", f"nearness = {near.least:.3f}", f"nearness_growth = {near.growth:.4f}"]
    lines += [f"words = {FEW}", f"words_alone = {topics['words'].least:.3f}"]
    return "\n".join(lines) + "\n"


def table(name: str, names: Sequence[str], coefficients: Numbers) -> list[str]:
    pairs = zip(("intercept", *names), (coefficients[-1], *coefficients[:-1]), strict=True)
    return ["", f"[{name}]", *(f"{each} = {value:.3f}" for each, value in pairs)]


if __name__ == "__main__":
    main()
