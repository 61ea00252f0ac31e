"""What each mechanism and each shipped list is worth on the question sets: `python -m benchmarks.quality --ablation`.

A mechanism is left out of the context that questions are understood in; a list, by emptying its file in a copy of the
package. For each, the questions that come out right with it less those that come out right without it: the right
passage first, answered, refused, with the number of questions and the interval of 95 % for a hundred of them (paired,
after Agresti and Min, so that no difference on a few questions is not certain either). With QA_ENCODER=on, or a folder,
all of it is measured with that encoder.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from math import sqrt
from pathlib import Path
from typing import Any

import orjson

from qa.models import Span
from qa.understanding.aspects import Aspects
from qa.understanding.context import IndexContext
from qa.understanding.expansion import Synonyms
from testkit.question_sets import FOR_TUNING, OPENED, context_for, judge_in, parts_of, rows_of

ROOT = Path(__file__).parent.parent
GROUPS = {
    "tuning sets": FOR_TUNING,
    "first document, opened sets": [name for name in OPENED if name.startswith("first")],
    "other pages, opened sets": [name for name in OPENED if not name.startswith("first")],
}
SETS = tuple(name for names in GROUPS.values() for name in names)
MEASURES = ("first", "answered", "not answered")
LISTS = {
    "synonyms": ["synonyms.toml"],
    "aspects": ["aspects.toml"],
    "interventions": ["interventions.toml"],
    "illnesses": ["illnesses.txt", "illnesses.txt.gz"],
    "drugs": ["drug_names.txt", "drug_endings.txt"],
    "discounted words": ["discounted.txt"],
    "function words": ["function_words.txt"],
    "British, American": ["british_american.txt"],
    "known terms": ["known_terms.txt.gz"],
    "languages": ["languages.txt"],
    "background": ["background_df.tsv.gz"],
}
Hits = Mapping[str, Sequence[bool]]  # by measure, question by question
Change = Callable[[IndexContext], IndexContext]


def with_lexicon(**parts: Any) -> Change:
    return lambda context: replace(context, lexicon=replace(context.lexicon, **parts))


def aspects_that(change: Callable[[Any], Any]) -> Change:
    """Aspects changed one by one; None leaves one out."""

    def changed(context: IndexContext) -> IndexContext:
        entries = (change(aspect) for aspect in context.lexicon.aspects.entries.values())
        return with_lexicon(aspects=Aspects(aspect for aspect in entries if aspect))(context)

    return changed


MECHANISMS: Mapping[str, Change] = {
    "synonyms": with_lexicon(synonyms=Synonyms(())),
    "spelling": with_lexicon(correct=lambda word: None),
    "segmentation": with_lexicon(divide=lambda text: [Span(0, len(text))]),
    "generic words": with_lexicon(generic=frozenset()),
    "illnesses": with_lexicon(illnesses=lambda text: ()),
    "interventions": lambda context: with_lexicon(names=context.vocabulary)(context),
    "drugs by ending": with_lexicon(is_drug=lambda word: False),
    "named works": with_lexicon(works=lambda text: ()),
    "languages": with_lexicon(languages=frozenset()),
    "aspects": with_lexicon(aspects=Aspects(())),
    "… that refuse": aspects_that(lambda a: replace(a, kind="soft") if a.kind == "specific" else a),
    "… that only rank": aspects_that(lambda a: a if a.kind == "specific" else None),
    "… by patterns": aspects_that(lambda a: replace(a, cue_patterns=())),
}


def hits_in(name: str, changes: Mapping[str, Change]) -> dict[str, Hits]:
    """The measures of a question set, for each change of the context; its index is made once."""
    context = context_for(name)
    rows = list(rows_of(name))
    return {part: parts_of([(row, judge_in(change(context), row)) for row in rows]) for part, change in changes.items()}


def without_mechanism(name: str) -> dict[str, Hits]:
    return hits_in(name, {"": lambda context: context, **MECHANISMS})


def without_list(files: Sequence[str]) -> dict[str, Hits]:
    """The measures of every set with these data files emptied, by set: in a process of its own, with its own copy."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "qa", Path(folder, "qa"), ignore=shutil.ignore_patterns("__pycache__"))
        for file in files:
            empty(Path(folder, "qa", "data", file))
        command = [sys.executable, "-m", "benchmarks.ablation"]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "QA_CACHE": f"{folder}/kept",
        }
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"without {', '.join(files)}: {done.stderr.decode()[-2000:]}")
    sets: dict[str, Hits] = orjson.loads(done.stdout)
    return sets


def empty(path: Path) -> None:
    """Take the entries out of a data file; comments and the number of background passages stay."""
    if path.suffix == ".toml":
        table = path.read_text(encoding="utf-8").split("[[", 1)[1].split("]]", 1)[0]
        path.write_text(f"{table} = []\n", encoding="utf-8")
    else:
        packed = path.suffix == ".gz"
        lines = (gzip.decompress(path.read_bytes()) if packed else path.read_bytes()).splitlines()
        kept = b"\n".join(lines[:1] if path.name.startswith("background") else [x for x in lines if x[:1] == b"#"])
        path.write_bytes(gzip.compress(kept) if packed else kept)


def interval(better: int, worse: int, questions: int) -> tuple[float, float]:
    """The interval of 95 % of a paired difference, for a hundred questions (Agresti and Min: half a question more in
    each of the four cells)."""
    better_, worse_, n = better + 0.5, worse + 0.5, questions + 2
    middle = (better_ - worse_) / n
    spread = 1.96 * sqrt(better_ + worse_ - (better_ - worse_) ** 2 / n) / n
    return 100 * (middle - spread), 100 * (middle + spread)


def worth(whole: Sequence[bool], without: Sequence[bool]) -> str:
    """What a part is worth: right with it less right without it, and the interval for a hundred questions."""
    better = sum(a and not b for a, b in zip(whole, without, strict=True))
    worse = sum(b and not a for a, b in zip(whole, without, strict=True))
    low, high = interval(better, worse, len(whole))
    return f"{better - worse:+4} ({low:+5.1f} to {high:+5.1f})"


def pooled(sets: Mapping[str, Hits], names: Sequence[str], measure: str) -> list[bool]:
    return [hit for name in names for hit in sets[name][measure]]


def lines_of(title: str, whole: Mapping[str, Hits], parts: Mapping[str, Mapping[str, Hits]]) -> Iterator[str]:
    """A table for each group of sets: the whole in counts, then what each part is worth."""
    for group, names in GROUPS.items():
        yield f"\n{group}: {title:24}" + "".join(f"{measure:>25}" for measure in MEASURES)
        every = {measure: pooled(whole, names, measure) for measure in MEASURES}
        yield f"  {'with everything':24}" + "".join(f"{f'{sum(h)} of {len(h)}':>25}" for h in every.values())
        for part, sets in parts.items():
            cells = (worth(hits, pooled(sets, names, measure)) for measure, hits in every.items())
            yield f"  {part:24}" + "".join(f"{cell:>25}" for cell in cells)


def ablation() -> None:
    """Print what each mechanism and each list is worth, using all cores."""
    with tempfile.TemporaryDirectory() as kept:
        os.environ["QA_CACHE"] = kept  # vectors and versions, for all processes
        measure_all()


def measure_all() -> None:
    with ProcessPoolExecutor() as processes:
        by_set = dict(zip(SETS, processes.map(without_mechanism, SETS), strict=True))
    whole = {name: parts[""] for name, parts in by_set.items()}
    mechanisms = {part: {name: by_set[name][part] for name in SETS} for part in MECHANISMS}
    print("Right with a mechanism less right without it, in questions (for a hundred: interval of 95 %)")
    print(*lines_of("mechanism", whole, mechanisms), sep="\n", flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        lists = dict(zip(LISTS, threads.map(without_list, LISTS.values()), strict=True))
    print("\nThe same for each list that ships, its file emptied")
    print(*lines_of("list", whole, lists), sep="\n")


if __name__ == "__main__":  # called by `without_list`, in a folder with a copy of the package
    unchanged = partial(hits_in, changes={"": lambda context: context})
    sys.stdout.buffer.write(orjson.dumps({name: unchanged(name)[""] for name in SETS}))
