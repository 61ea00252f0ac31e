"""Quality measures with their question counts; comparison of runs; floors."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ir_measures
import orjson
from ir_measures import P, R, nDCG

from qa.editing.calibration import Calibration
from qa.errors import CorpusError

MEASURES = (nDCG @ 10, R @ 10, P @ 1)
CUTOFF = 10  # passages requested per question, as many as the measures use

Values = dict[str, dict[str, float]]  # measure -> question -> value
Judged = Mapping[str, Mapping[str, int]]  # question -> passage -> grade


@dataclass(frozen=True, slots=True)
class WrongResult:
    """A question with a wrong result: what is wrong, and the words of the question that were not found."""

    question: str
    what: str
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.what}: {self.question}" + f"  [not found: {', '.join(self.missing)}]" * bool(self.missing)


@dataclass(frozen=True, slots=True)
class Report:
    """Results: a value for each measure and question, counts by kind of question and by outcome, the questions with a
    wrong result, and the calibration of the confidence."""

    values: Values
    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    wrong: Sequence[WrongResult] = ()
    calibration: Calibration | None = None

    def mean(self, measure: str) -> float:
        values = self.values[measure].values()
        return sum(values) / len(values)


def measure_ranking(judged: Judged, found: Mapping[str, Sequence[str]]) -> Values:
    """Return nDCG@10, R@10 and P@1 for each judged question; 0 if nothing was found."""
    run = {
        question: {passage: float(-place) for place, passage in enumerate(passages)}
        for question, passages in found.items()
    }
    values: Values = {str(measure): dict.fromkeys(judged, 0.0) for measure in MEASURES} if judged else {}
    for each in ir_measures.iter_calc(MEASURES, {q: dict(grades) for q, grades in judged.items()}, run):
        values[str(each.measure)][each.query_id] = each.value
    return values


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure in an earlier run and now, over the questions in both runs. `p` is the probability of so large a change
    by chance."""

    measure: str
    questions: int
    before: float
    now: float
    p: float

    def __str__(self) -> str:
        return f"{self.measure:12} {self.before:.4f} -> {self.now:.4f}  p {self.p:.4f}  of {self.questions}"


def save_run(report: Report, file: Path) -> None:
    """Save the values as JSON, for comparison with a later run."""
    file.write_bytes(orjson.dumps(report.values))


def read_run(file: Path) -> Values:
    """Read the values of a saved run. Raises CorpusError if the file does not contain any."""
    try:
        values = orjson.loads(file.read_bytes())
        return {name: {q: float(value) for q, value in each.items()} for name, each in values.items()}
    except (ValueError, TypeError, AttributeError):
        raise CorpusError(str(file), "is not a saved run. Give a file written by qa evaluate --save.") from None


def compare_runs(before: Values, now: Values) -> list[Comparison]:
    """Compare every measure that both runs have."""
    return [compare_measure(name, before[name], now[name]) for name in now if before.get(name, {}).keys() & now[name]]


def compare_measure(name: str, before: Mapping[str, float], now: Mapping[str, float]) -> Comparison:
    both = [question for question in now if question in before]
    changes = [now[question] - before[question] for question in both]
    old, new = (sum(values[question] for question in both) / len(both) for values in (before, now))
    return Comparison(name, len(both), old, new, chance_of(changes))


def chance_of(changes: Sequence[float], rounds: int = 4000) -> float:
    """Return the p-value of a two-sided paired randomisation test: how often randomly signed changes sum to as much."""
    changed = [abs(change) for change in changes if change]
    observed = abs(sum(changes)) - 1e-12
    draw = random.Random(0)
    as_much = 0
    for _ in range(rounds):
        signs = draw.getrandbits(len(changed)) if changed else 0
        total = sum(change if signs >> place & 1 else -change for place, change in enumerate(changed))
        as_much += abs(total) >= observed
    return (as_much + 1) / (rounds + 1)


def below_floors(report: Report, floors: Mapping[str, float]) -> list[str]:
    """Return a line for each floor that is missed or whose measure is unknown."""
    lines = []
    for name, floor in floors.items():
        if name not in report.values:
            lines.append(f"{name}: no such measure; known are {', '.join(report.values)}")
        elif report.mean(name) < floor:
            lines.append(f"{name}: {report.mean(name):.4f} is below {floor}")
    return lines
