"""Print how answers, time and space compare at several sizes.

    python -m benchmarks.scale DATA FOLDER [NUMBER ...] [--steps] [--encoder]

DATA has the public test collections, FOLDER keeps the passages and indexes that are made (some 3 GB for a million).
Times are CPU time, the least of three rounds that are interleaved, without the encoder. "tantivy" is its search for the
ten best passages with the same terms, without reading the question or showing anything. An index that is in FOLDER
already is used again. `--steps` prints where the time of an answer goes, `--encoder` what the encoder adds to it, with
vectors that are put together from those of real sentences (4 KB of memory a passage).
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scale.build import build
from benchmarks.scale.data import TAGS, questions, write_passages
from benchmarks.scale.steps import least_steps
from benchmarks.scale.vectors import give_vectors, made_vectors, sentences_of
from qa.answering.answer import answer
from qa.answering.options import Options
from qa.cache import temporary_cache
from qa.editing.collections import read_collection
from qa.encoder import open_encoder
from qa.indexes import OpenIndex, open_index
from qa.indexes.disk.files import read_file_list
from qa.indexes.disk.versions import current_version, folder_of
from qa.indexes.stored import StoredIndex
from qa.indexing.publish import open_content
from qa.text.analysis import analyze

MEMORY_UP_TO = 10_000  # passages for which the index in memory is made too, to compare
ROUNDS = 3
Ask = Callable[[str], object]


def main(data: Path, folder: Path, sizes: Sequence[int], options: Collection[str]) -> None:
    asked = questions(data)
    medians = {}
    for size in sizes:
        url = build(data, folder, size)
        print(f"\n{size:,} passages")
        print_space(url, size)
        index, seconds = opened(url)
        print(f"  opening: {seconds * 1000:.0f} ms CPU")
        if size <= MEMORY_UP_TO:
            print_same(index, open_content(read_collection(write_passages(data, size, folder))), asked)
        medians[size] = print_times(index, asked)
        print_filters(index, asked)
        if "--steps" in options:
            print_steps(index, asked)
        if "--encoder" in options:
            print_encoder(data, url, asked)
    if len(medians) > 1:
        print(
            f"\ngrowth of an answer from {sizes[0]:,} to {sizes[-1]:,}: {medians[sizes[-1]] / medians[sizes[0]]:.2f} x"
        )


def opened(url: str) -> tuple[OpenIndex, float]:
    version = current_version(url)
    assert version
    open_index(url, version, temporary_cache())  # imports
    begun = time.process_time()
    index = open_index(url, version, temporary_cache())
    return index, time.process_time() - begun


def print_space(url: str, size: int) -> None:
    folder = folder_of(url)
    [*_, name] = folder.names()
    by_kind: dict[str, int] = {}
    for file in read_file_list(folder.versions / name).files:
        kind = file.name.partition("/")[0].partition(".")[0]
        by_kind[kind] = by_kind.get(kind, 0) + file.size
    parts = ", ".join(f"{kind} {n / size:.0f}" for kind, n in sorted(by_kind.items(), key=lambda each: -each[1])[:6])
    print(f"  bytes a passage: {sum(by_kind.values()) / size:.0f} ({parts})")


def print_same(disk: OpenIndex, memory: OpenIndex, asked: Sequence[str]) -> None:
    """How many questions have the same ten passages, in the same order, with scores that agree to 1e-9."""

    def first_ten(index: OpenIndex, question: str) -> list[tuple[str, float]]:
        given = answer(question, index, Options(limit=10))
        hits = given.answers or (given.abstention.nearest if given.abstention else ())
        return [(hit.id, round(hit.score, 9)) for hit in hits]

    same = sum(first_ten(disk, question) == first_ten(memory, question) for question in asked)
    print(f"  the same first ten as memory: {same} of {len(asked)} questions")


def measure(work: dict[str, Ask], asked: Sequence[str]) -> dict[str, list[float]]:
    """For each kind of work, the least CPU time for each question, in ms."""
    best = {name: [float("inf")] * len(asked) for name in work}
    for do in work.values():  # warm
        for question in asked:
            do(question)
    for _ in range(ROUNDS):
        for name, do in work.items():  # interleaved
            for number, question in enumerate(asked):
                begun = time.process_time_ns()
                do(question)
                best[name][number] = min(best[name][number], (time.process_time_ns() - begun) / 1e6)
    return best


def quantiles(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), sorted(times)[int(0.99 * len(times))]


def terms_of(question: str) -> list[str]:
    return list(dict.fromkeys(token.term for token in analyze(question)))


def raw_search(index: Any) -> Ask:
    """A search by tantivy alone for the ten best."""
    stage, words = index._first_stage, index._table
    searched: dict[str, Any] = {}

    def ask(question: str) -> object:
        query = searched.get(question)
        if query is None:
            numbers = [words.terms.find(term) for term in terms_of(question)]
            query = searched[question] = stage._any("words", [n for n in numbers if n is not None], "freq")
        return stage._searcher.search(query, 10, count=False)

    return ask


def print_times(index: OpenIndex, asked: Sequence[str]) -> float:
    work: dict[str, Ask] = {
        "tantivy, top 10": raw_search(index),
        "candidates, the exact first 100": lambda question: index.candidates(terms_of(question), 100),
        "whole answer": lambda question: answer(question, index),
    }
    found = {name: quantiles(times) for name, times in measure(work, asked).items()}
    base = found["tantivy, top 10"]
    for name, (median, high) in found.items():
        ratio = f"{median / base[0]:.2f} x, {high / base[1]:.2f} x"
        print(f"  {name:32} p50 {median:6.2f} ms   p99 {high:6.2f} ms   ({ratio})")
    return found["whole answer"][0]


def print_filters(index: OpenIndex, asked: Sequence[str]) -> None:
    work: dict[str, Ask] = {"none": lambda question: index.candidates(terms_of(question), 100)}
    for tag in TAGS:
        work[tag] = lambda question, tag=tag: index.candidates(terms_of(question), 100, {tag})  # type: ignore[misc]
    found = {name: quantiles(times) for name, times in measure(work, asked).items()}
    for tag, share in TAGS.items():
        ratios = [found[tag][each] / found["none"][each] for each in (0, 1)]
        print(f"  filter on {share:.0%} of the passages: {ratios[0]:.2f} x p50, {ratios[1]:.2f} x p99 of unfiltered")


def print_steps(index: OpenIndex, asked: Sequence[str]) -> None:
    for step, times in least_steps(asked, index, ROUNDS).items():
        median, high = quantiles(times)
        print(f"    {step:30} p50 {median:6.2f} ms   p99 {high:6.2f} ms")


def print_encoder(data: Path, url: str, asked: Sequence[str]) -> None:
    """What the encoder adds to an answer, and how much of that is the question's vector."""
    encoder = open_encoder("on")
    (without, _), (index, _) = opened(url), opened(url)
    assert encoder
    assert isinstance(index, StoredIndex)
    give_vectors(index, made_vectors(data, sentences_of(index), encoder), encoder)
    work: dict[str, Ask] = {
        "off": lambda question: answer(question, without),
        "on": lambda question: answer(question, index),
        "vector": encoder.encode_question,
    }
    found = measure(work, asked)
    (off, off_high), (on, on_high), (vector, _) = map(quantiles, found.values())
    added = statistics.median(one - other for one, other in zip(found["on"], found["off"], strict=True))
    print(f"  encoder on: p50 {on:.2f} ms, p99 {on_high:.2f} ms; off: {off:.2f}, {off_high:.2f}")
    print(f"  the encoder adds {added:.2f} ms to a question (median); a question's vector takes {vector:.2f} ms")


if __name__ == "__main__":
    options = {"--steps", "--encoder"} & {*sys.argv}
    arguments = [each for each in sys.argv[1:] if each not in options]
    wanted = [int(each) for each in arguments[2:]] or [3_000, 10_000, 100_000]
    main(Path(arguments[0]), Path(arguments[1]), wanted, options)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\npeak memory of this process: {peak} MB; {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")
