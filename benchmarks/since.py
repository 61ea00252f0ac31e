"""Cost of `qa check --since` for edited or replaced passages: `python -m benchmarks.since`.

Prints the time of the comparison alone, for generated documents in which every passage has changed, and the factor by
which it grows when the number of passages is doubled.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from time import process_time

from qa.editing.changes import compare
from qa.models import Document, Passage, Provenance

SIZES = (20, 40, 80, 500, 1000, 2000)  # passages
WORDS = [f"word{number}" for number in range(2000)]
WEIGHTS = [1 / (number + 1) for number in range(len(WORDS))]  # frequent and rare words, as in a language
LENGTH = 60  # words a passage
RUNS = 3


def main() -> None:
    for name, change in (("edited", edited), ("replaced", replaced)):
        times = {size: min(seconds(size, change) for _ in range(RUNS)) for size in SIZES}
        for size, taken in times.items():
            print(f"{size:5d} passages {name:8} {taken:7.3f} s  {1e3 * taken / size:6.2f} ms each")
        growth = max(
            (times[b] / times[a]) / (b / a) for a, b in pairwise(SIZES[-3:])
        )  # small sizes are too fast to time
        print(f"      twice as many take {2 * growth:.1f} times as long")


def seconds(size: int, change: Callable[[str], str]) -> float:
    random.seed(size)
    before = [paragraph() for _ in range(size)]
    old, new = document(before), document([change(text) for text in before])
    start = process_time()
    compare([old], [new])
    return process_time() - start


def paragraph() -> str:
    return " ".join(random.choices(WORDS, WEIGHTS, k=LENGTH))


def edited(text: str) -> str:
    words = text.split()
    for place in random.sample(range(len(words)), 5):
        words[place] = random.choice(WORDS)
    return " ".join(words)


def replaced(text: str) -> str:
    return paragraph()


def document(texts: Sequence[str]) -> Document:
    passages = tuple(Passage(text, "a", 0, len(text), text, (), ()) for text in texts)
    return Document("a", "a.txt", "", Provenance("A"), "", (), (), (), (), (), passages)


if __name__ == "__main__":
    main()
