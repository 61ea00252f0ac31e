"""What suggestions of `qa suggest` and lists of words change.

Without a name: the suggestions used as printed, on eight pages without any list, beside lists that somebody wrote for
these pages; passages are found by words alone. With the name of another page: what `qa evaluate` prints without lists
and with the ones that somebody made from that page and its suggestions alone, by words alone and by meaning too.

Run: python -m benchmarks.suggestions [streetlighting]
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from qa import open_service
from qa.corpus import open_corpus
from qa.editing.evaluate import evaluate_questions, load_judgments
from qa.editing.scorecard import as_lines
from qa.editing.suggest import suggestions
from qa.indexing.ingest import annotate
from qa.indexing.publish import open_published
from qa.settings import Settings
from testkit.corpora import LISTS, PAGES
from testkit.other_pages import OtherPage, other_pages
from testkit.question_sets import LATEST_PAGES, NEW_PAGES, NEWEST_PAGES, Rows, judge, measures, rows_of

HELD_OUT = "-held-out"
KINDS = ("nothing", "suggested", "written")
MEASURES = 10  # lines of the scorecard, before the kinds of questions


def rows_with(kind: str, questions: str, folder: Path) -> Rows:
    """Each question on a page, answered with these lists."""
    page = questions.removesuffix(HELD_OUT)
    shutil.copy(next(path for path in PAGES.glob(f"{page}.*") if path.suffix in {".txt", ".md"}), folder)
    if kind == "suggested":
        corpus = open_corpus(folder)
        (folder / "conditions.toml").write_text("\n".join(suggestions(corpus, annotate(corpus).documents)))
    if kind == "written":
        shutil.copytree(LISTS / page, folder, dirs_exist_ok=True)
    index = open_published(folder, "memory:")
    return [(row, judge(row, index)) for row in rows_of(questions)]


def compare_kinds() -> None:
    for kind in KINDS:
        rows: Rows = []
        for questions in (*NEW_PAGES, *NEWEST_PAGES, *LATEST_PAGES):
            with TemporaryDirectory() as folder:
                rows += rows_with(kind, questions, Path(folder))
        shown = ", ".join(f"{name} {value:.2f}" for name, value in measures(rows).items())
        print(f"{kind:10} {len(rows)} questions: {shown}")


def questions_of(page: OtherPage) -> Iterator[bytes]:
    """The questions on a page as lines of questions.jsonl."""
    for row in page.questions:
        answers = row["answers"]
        about = {"document": page.name, "sentences": answers} if answers else {}
        yield orjson.dumps(
            {"question": row["question"], "kind": row["kind"], **about}, option=orjson.OPT_APPEND_NEWLINE
        )


def evaluate_page(name: str) -> None:
    page = next(page for page in other_pages(unseen=False) if page.name == name)
    for encoder in ("off", "on"):
        for lists in (False, True):
            with TemporaryDirectory() as place:
                folder = Path(place)
                shutil.copy(page.file, folder)
                (folder / "questions.jsonl").write_bytes(b"".join(questions_of(page)))
                if lists:
                    shutil.copytree(LISTS / name, folder, dirs_exist_ok=True)
                service = open_service(Settings(encoder=encoder, cache=None), corpus=folder)
                report = evaluate_questions(load_judgments(folder / "questions.jsonl"), service)
                print(f"\nencoder {encoder}, {'with' if lists else 'without'} lists")
                print("\n".join(list(as_lines(report))[:MEASURES]))


if __name__ == "__main__":
    evaluate_page(sys.argv[1]) if sys.argv[1:] else compare_kinds()
