"""Measure the encoder: `python -m benchmarks.vectors`.

Prints the cost of a question's vector, of the vectors of passages with their sentences, of comparing a question with
all passages, and the memory of a process. Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.public_sets import DATA
from qa.cache import Cache
from qa.editing.collections import read_collection, read_questions
from qa.encoder import Encoder, open_encoder
from qa.encoder.vectors import StoredVectors, quantize
from qa.indexes.layout import ends_of
from qa.indexes.vectors import MOST_COMPARED, PassageVectors, VectorTables
from qa.indexing.vectors import PassageTexts, make_vectors, no_progress, texts_of

SET = "covidqa-para"  # passages of a few sentences
SHORT = 60  # words
QUESTIONS, PASSAGES, SENTENCES = 200, 200, 4
MEMORY = "; print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmRSS')))"  # in KB
WITHOUT = "import qa.engine"
WITH = f"{WITHOUT}; from qa.encoder import open_encoder; open_encoder('on').encode_question('Does it help?')"


def main() -> None:
    if not DATA.name or not DATA.is_dir():
        sys.exit("QA_TEST_DATA is not a folder. Set it to the folder with the unpacked sets.")
    encoder = open_encoder("on")
    assert encoder is not None
    folder = DATA / "retrieval" / SET
    questions = list(read_questions(folder, None)[0].values())[:QUESTIONS]
    print(f"a question's vector: {milliseconds(encoder.encode_question, questions):.2f} ms of one core")
    passages = [texts for document in read_collection(folder).documents for texts in texts_of(document)]
    print_making(passages[:PASSAGES], encoder)
    print_making([each for each in passages if len(each.passage.split()) < SHORT][:PASSAGES], encoder)
    compared, vectors = many_vectors(encoder.dimensions), [encoder.encode_question(each) for each in questions]
    nearest = milliseconds(lambda vector: compared.nearest(vector, 100), vectors)
    print(f"the closest of {MOST_COMPARED:,} passages of {SENTENCES} sentences: {nearest:.2f} ms")
    candidates = [str(place) for place in range(0, MOST_COMPARED, MOST_COMPARED // 100)]
    some = milliseconds(lambda vector: compared.closeness(vector, candidates), vectors)
    print(f"closeness of {len(candidates)} of them: {some:.2f} ms")
    print(f"memory of a process: {memory(WITHOUT)} MB without the encoder, {memory(WITH)} MB with it")


def milliseconds(run: Callable[[Any], object], inputs: Iterable[Any]) -> float:
    """The median processor time of a call."""
    times = []
    for each in inputs:
        begun = time.thread_time()
        run(each)
        times.append(1000 * (time.thread_time() - begun))
    return median(times)


def print_making(passages: Sequence[PassageTexts], encoder: Encoder) -> None:
    """How many of these passages get their vectors in a second of one core."""
    with TemporaryDirectory() as kept:
        begun = time.process_time()
        make_vectors(passages, encoder, Cache(Path(kept, "cache")), no_progress)
        speed = len(passages) / (time.process_time() - begun)
    words = sum(len(each.passage.split()) for each in passages) / len(passages)
    sentences = sum(len(each.sentences) for each in passages) / len(passages)
    print(f"passages of {words:.0f} words, with their {sentences:.1f} sentences: {speed:.0f} a second and core")


def many_vectors(dimensions: int) -> PassageVectors:
    """As many passages as are compared with every question, with random vectors."""
    passages, sentences = (random_vectors(number, dimensions) for number in (MOST_COMPARED, MOST_COMPARED * SENTENCES))
    tables = VectorTables("", passages, sentences, ends_of([SENTENCES] * MOST_COMPARED))
    ids = [str(place) for place in range(MOST_COMPARED)]
    return PassageVectors(tables, lambda text: np.zeros(dimensions, np.float32), ids, int, lambda _: np.zeros(0, bool))


def random_vectors(number: int, dimensions: int) -> StoredVectors:
    return quantize(np.random.default_rng(number).standard_normal((number, dimensions), np.float32))


def memory(program: str) -> int:
    """The megabytes that a process with this program uses (Linux)."""
    return int(subprocess.run([sys.executable, "-c", program + MEMORY], capture_output=True, check=True).stdout) // 1024


if __name__ == "__main__":
    main()
