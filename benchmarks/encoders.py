"""How well other encoders find passages by meaning alone: `python -m benchmarks.encoders [FOLDER ...]`.

For the encoder in the package, each encoder in a FOLDER (as for QA_ENCODER) and all of them together: the right passage
first and in three, on the other pages and on the known ones, page by page. A passage's score is its closeness plus that
of its two closest sentences, each standardised over the page; together, the sum over the encoders.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.features import Page, further_pages, known_pages
from qa.encoder import Encoder, open_encoder
from qa.indexing.vectors import PassageTexts, texts_of
from testkit.question_sets import begins

Floats = npt.NDArray[np.floating]
Score = Callable[[str], Floats]  # a question to a score for each passage


def standardised(values: Sequence[float] | Floats) -> Floats:
    array = np.asarray(values)
    return np.asarray((array - array.mean()) / (array.std() or 1.0))


def closest_two(closeness: Floats) -> float:
    return float(np.sort(closeness)[-2:].mean())


def scoring(encoder: Encoder, passages: Sequence[PassageTexts]) -> Score:
    whole = encoder.encode([each.passage for each in passages])
    sentences = [encoder.encode(each.sentences) for each in passages]

    def score(question: str) -> Floats:
        asked = encoder.encode_question(question)
        return standardised(whole @ asked) + standardised([closest_two(each @ asked) for each in sentences])

    return score


def places(page: Page, encoders: Sequence[Encoder]) -> Iterator[list[int]]:
    """For each answerable question, the place of the first right passage by each encoder and by all."""
    documents = list(page.index.documents())
    passages = [passage for document in documents for passage in document.passages]
    scores = [scoring(each, [text for document in documents for text in texts_of(document)]) for each in encoders]
    for asked in page.own:
        right = np.array([any(begins(each.text, start) for start in asked.sentences) for each in passages])
        if right.any():
            found = np.array([score(asked.question) for score in scores])
            yield [int(right[(-each).argsort(kind="stable")].argmax()) for each in (*found, found.sum(axis=0))]


def main() -> None:
    names = ["on", *sys.argv[1:]]
    encoders = [encoder for name in names if (encoder := open_encoder(name))]
    every: dict[str, list[list[int]]] = {}
    for page in (*further_pages(meaning=False), *known_pages(meaning=False)):
        every.setdefault(page.group, []).extend(places(page, encoders))
    for group, rows in every.items():
        print(f"{group}, {len(rows)} questions{'':24} first  in three")
        for name, column in zip([*(Path(name).name for name in names), "together"], np.array(rows).T, strict=True):
            print(f"  {name:36} {np.mean(column < 1):.3f}  {np.mean(column < 3):.3f}")


if __name__ == "__main__":
    main()
