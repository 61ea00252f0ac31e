"""Fit the numbers of qa/data/relevance.toml: `python -m benchmarks.fit [--write]`.

Ranking: listwise logistic regression. Confidence: logistic regression on the features of qa/answering/confidence.py;
the probability fitted is that the first passage answers the question. The data are the questions of all pages but the
unseen ones of testkit/other_pages.py; a page counts for at most as many questions as MOST_OF_PAGE. The figures printed
are of pages left out of the fit, one at a time. The threshold of confidence is the lowest at which, on pages left out,
at most RISK of the answers are wrong, one wrong answer being added as in conformal risk control.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.features import Part, Row, ask, further_pages, known_pages, put_to
from qa.answering.confidence import closest, features_of, names_covered
from qa.answering.decision import asked_aspects, aspects_not_shown
from qa.models import Contribution
from qa.retrieval.fitted import EvidenceKind
from qa.retrieval.scoring import ScoredPassage

Numbers = npt.NDArray[np.float64]

MOST_OF_PAGE = {"ranking": 8.0, "confidence": 24.0}
OTHER_WEIGHT, OFF_WEIGHT = 0.05, 0.05  # of a question of another subject or off topic, beside 1 for the page's own
RISK = 0.2
LOST = {"meaning": 0.045, "words": 0.08}  # share of the answerable questions that may be taken for off topic
FEW = 0.5  # share of a question from which it is on topic, however far its meaning
FILE = Path(__file__).parent.parent / "qa" / "data" / "relevance.toml"
CONFIDENCE = (
    *("words", "closeness", "both", "agreement", "margin", "missing_words", "missing_numbers"),
    *("condition", "treatment_missing", "aspect_missing", "asks_number", "in_message"),
)
BY_WORDS = tuple(name for name in CONFIDENCE if name not in {"closeness", "both", "agreement", "missing_words"})


# --- regressions --------------------------------------------------------------------------------


def minimised(loss: Callable[[Numbers], tuple[float, Numbers]], start: Numbers, rounds: int = 400) -> Numbers:
    """The point where a smooth convex function with this gradient is least (BFGS with backtracking)."""
    at, inverse = start, np.eye(len(start))
    value, slope = loss(at)
    for _ in range(rounds):
        step = -inverse @ slope
        length = 1.0
        while True:
            new = at + length * step
            new_value, new_slope = loss(new)
            if new_value <= value + 1e-4 * length * (slope @ step) or length < 1e-10:
                break
            length /= 2
        moved, turned = new - at, new_slope - slope
        at, value, slope = new, new_value, new_slope
        if np.abs(slope).max() < 1e-6 or not moved.any():
            break
        if (curve := moved @ turned) > 1e-12:
            left = np.eye(len(at)) - np.outer(moved, turned) / curve
            inverse = left @ inverse @ left.T + np.outer(moved, moved) / curve
    return at


def fit_logistic(features: Numbers, labels: Numbers, weights: Numbers, ridge: float = 1.0) -> Numbers:
    """The coefficients, the intercept last, of a logistic regression with an L2 penalty on standardised features."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    scaled = np.hstack([(features - mean) / spread, np.ones((len(features), 1))])
    penalised = np.append(np.full(features.shape[1], ridge), 0.0)

    def loss(at: Numbers) -> tuple[float, Numbers]:
        logits = scaled @ at
        value = weights @ (np.logaddexp(0, logits) - labels * logits) + penalised @ at**2 / 2
        return float(value), scaled.T @ (weights * (sigmoid(logits) - labels)) + penalised * at

    found = minimised(loss, np.zeros(scaled.shape[1]))
    slopes = found[:-1] / spread
    return np.append(slopes, found[-1] - slopes @ mean)


def sigmoid(logits: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))


def fit_listwise(lists: Sequence[tuple[Numbers, npt.NDArray[np.bool_]]], weights: Sequence[float]) -> Numbers:
    """The weights of the features of passages that make it likeliest that a right one comes first."""
    spread = np.concatenate([features - features.mean(axis=0) for features, _ in lists]).std(axis=0) + 1e-9

    def loss(at: Numbers) -> tuple[float, Numbers]:
        value, slope = 0.1 * float(at @ at) / 2, 0.1 * at
        for (features, right), weight in zip(lists, weights, strict=True):
            logits = features / spread @ at
            shares = np.exp(logits - logits.max())
            shares /= shares.sum()
            mass = max(1e-12, shares[right].sum())
            value -= weight * np.log(mass)
            slope = slope - weight * (features / spread).T @ (np.where(right, shares / mass, 0) - shares)
        return value, slope

    return np.asarray(minimised(loss, np.zeros(len(spread))) / spread)


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
        [(fixed_score(f), c.passage if c else 0.0, c.best if c else 0.0) for f, c in zip(found, closeness, strict=True)]
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
        why = [each for each in found.why if each.kind not in {"meaning", "sentence"}]
        if close := found.evidence.closeness:
            why += [
                Contribution("", "meaning", gains[0] * close.passage),
                Contribution("", "sentence", gains[1] * close.best),
            ]
        passages.append(replace(found, why=tuple(why)))
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
    closeness: float  # the highest of a passage or sentence
    words: float  # the highest share of the question


def cases_of(rows: Sequence[Row], gains: tuple[float, float]) -> list[Case]:
    cases = []
    for row in rows:
        for part in (reranked(part, gains) for part in row.parts):
            if not part.found:
                nothing = dict.fromkeys(CONFIDENCE, 0.0)
                cases.append(
                    Case(
                        row,
                        True,
                        right=False,
                        in_three=False,
                        confidence=nothing,
                        named=False,
                        closeness=0.0,
                        words=0.0,
                    )
                )
                continue
            request, found, context = part.request, part.found, row.context
            unshown = aspects_not_shown(request, asked_aspects(request, found, context), found, context)
            features = features_of(request, found) | {"aspect_missing": float(bool(unshown))}
            cases.append(
                Case(
                    row,
                    bool(part.refused) or row.foreign,
                    part.right[0],
                    any(part.right[:3]),
                    features,
                    names_covered(request),
                    closest(found),
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


def fit_all(rows: Sequence[Row], kind: EvidenceKind) -> Fit:
    gains = fit_ranking(rows) if kind == "meaning" else (0.0, 0.0)
    cases = cases_of(rows, gains)
    return Fit(gains, fit_confidence(cases, confidence_names(kind)))


def confidence_names(kind: EvidenceKind) -> Sequence[str]:
    return CONFIDENCE if kind == "meaning" else BY_WORDS


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question of a page left out: its case, its confidence by a fit on the other pages, and how much makes it one
    for the page (what is compared with the threshold for off topic)."""

    case: Case
    confidence: float
    topic: float


def leave_pages_out(rows: Sequence[Row], kind: EvidenceKind) -> list[Prediction]:
    """For each message the prediction for its surest question, by a fit without its page."""
    found: list[Prediction] = []
    for page in sorted({row.asked.page for row in rows}):
        fit = fit_all([row for row in rows if row.asked.page != page], kind)
        cases = cases_of([row for row in rows if row.asked.page == page], fit.gains)
        confidence = predicted(cases, fit.confidence, confidence_names(kind))
        best: dict[int, Prediction] = {}
        for case, sure in zip(cases, confidence.tolist(), strict=True):
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
    return case.closeness if kind == "meaning" else case.words


def topic_threshold(predictions: Sequence[Prediction], kind: EvidenceKind) -> float:
    """The threshold below which the share LOST of the answerable questions lies, pages counting alike."""
    values, weights = weighed([p for p in predictions if p.case.row.asked.answerable and not p.case.refused], "topic")
    order = np.argsort(values)
    lost = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(lost, LOST[kind])])


def answer_threshold(predictions: Sequence[Prediction], topic_from: float) -> float:
    """The lowest confidence from which at most RISK of the answers are wrong, pages counting alike."""
    own = [p for p in predictions if p.case.row.asked.part == "own" and p.topic >= topic_from]
    values, weights = weighed(own, "confidence")
    right = np.array([p.case.right for p in own])
    order = np.argsort(-values)
    wrong = np.cumsum((weights * ~right)[order]) + 1
    risk = wrong / (np.cumsum(weights[order]) + 1)
    allowed = np.flatnonzero(risk <= RISK)
    return float(values[order][allowed[-1]]) if allowed.size else 1.0


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
        aspects = asked_aspects(part.request, part.found, row.context)
        unshown = aspects_not_shown(part.request, aspects, part.found, row.context)
        reason = "language_not_covered" if row.foreign else part.refused or ("aspect (a feature)" if unshown else "")
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
    topics: dict[EvidenceKind, float] = {}
    thresholds: dict[EvidenceKind, float] = {}
    for kind in kinds:
        rows = gather(meaning=kind == "meaning")
        if kind == "meaning":
            report_refusals(rows)
        fits[kind] = fit_all(rows, kind)
        predictions = leave_pages_out(rows, kind)
        topics[kind] = topic_threshold(predictions, kind)
        thresholds[kind] = answer_threshold(predictions, topics[kind])
        print(f"== {kind}: {len(rows)} questions; topic from {topics[kind]:.2f}, answered from {thresholds[kind]:.2f}")
        print(
            "   ",
            {
                n: round(float(v), 2)
                for n, v in zip((*confidence_names(kind), "intercept"), fits[kind].confidence, strict=True)
            },
        )
        report(predictions, topics[kind], thresholds["meaning"])
    if given.write:
        FILE.write_text(as_toml(fits, topics, thresholds["meaning"]), encoding="utf-8")


def as_toml(fits: dict[EvidenceKind, Fit], topics: dict[EvidenceKind, float], answer_from: float) -> str:
    """The tables of relevance.toml."""
    head = FILE.read_text(encoding="utf-8").split("made =")[0]
    gains = fits["meaning"].gains
    lines = [head.rstrip(), f"made = {datetime.now(UTC):%Y-%m-%d}", f"answer_from = {answer_from:.2f}", ""]
    lines += ["[ranking]", f"passage = {gains[0]:.2f}", f"sentence = {gains[1]:.2f}"]
    for kind, fit in fits.items():
        lines += table(f"confidence.{kind}", confidence_names(kind), fit.confidence)
    lines += ["", "[off_topic]", f"closeness = {topics['meaning']:.3f}", f"words = {FEW}"]
    lines += [f"words_alone = {topics['words']:.3f}"]
    return "\n".join(lines) + "\n"


def table(name: str, names: Sequence[str], coefficients: Numbers) -> list[str]:
    pairs = zip(("intercept", *names), (coefficients[-1], *coefficients[:-1]), strict=True)
    return ["", f"[{name}]", *(f"{each} = {value:.3f}" for each, value in pairs)]


if __name__ == "__main__":
    main()
