"""Passages and questions of any number, made from the public test collections.

Sentences of real passages are put together anew, with the title of one of them, so that words, their frequencies and
the lengths of passages stay real; a real collection of a million passages has more words than this. Every passage is
tagged at random: half of them with `c50`, a tenth with `c10` and so on, to measure filters.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from qa.editing.collections import read_rows
from qa.text.sentences import split_sentences

SETS = ("scifact", "evidence-inference-dev", "covidqa-para", "cranfield")
QUESTIONS = {"evidence-inference-dev": 80, "scifact": 60, "covidqa-para": 60}
TAGS = {"c50": 0.5, "c10": 0.1, "c1": 0.01}


def questions(data: Path) -> list[str]:
    """Two hundred questions of three sets."""
    chance = random.Random(7)
    found = []
    for name, number in QUESTIONS.items():
        found += chance.sample([str(row["text"]) for row in read_rows(data / name / "queries.jsonl")], number)
    return found


def real_passages(data: Path) -> list[tuple[str, list[str]]]:
    """The passages of all sets: title and sentences."""
    found = []
    for name in SETS:
        for row in read_rows(data / name / "corpus.jsonl"):
            text = str(row["text"])
            sentences = [text[start:end] for start, end in split_sentences(text, 0, len(text))]
            if sentences:
                found.append((str(row.get("title") or ""), sentences))
    return found


def made_passages(data: Path, number: int) -> Iterator[dict[str, object]]:
    """So many passages. The first are the real ones."""
    chance, real = random.Random(11), real_passages(data)
    pool = [sentence for _, sentences in real for sentence in sentences]
    chance.shuffle(pool)
    for place in range(number):
        title, own = real[place % len(real)]
        sentences = own if place < len(real) else chance.choices(pool, k=len(own))
        drawn = chance.random()
        tags = [tag for tag, share in TAGS.items() if drawn < share]
        ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
        cuts = [
            cut for sentence, end in zip(sentences, ends, strict=True) for cut in (end - len(sentence) - 1, end - 1)
        ]
        yield {"_id": f"p{place}", "title": title, "text": " ".join(sentences), "conditions": tags, "cuts": cuts}


def write_passages(data: Path, number: int, folder: Path) -> Path:
    """The folder with corpus.jsonl of so many passages; made if it is not there yet."""
    place = folder / f"{number}"
    if not (place / "corpus.jsonl").exists():
        place.mkdir(parents=True, exist_ok=True)
        with (place / "new").open("w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in made_passages(data, number))
        (place / "new").rename(place / "corpus.jsonl")
    return place
