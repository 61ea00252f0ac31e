"""What the suggestions of `qa suggest`, used as printed, change on pages without any list, beside lists that somebody
wrote for these pages. Passages are found by words alone.

Run: python -m benchmarks.suggestions
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.corpus import open_corpus
from qa.editing.suggest import suggestions
from qa.indexing.ingest import annotate
from qa.indexing.publish import open_published
from testkit.corpora import LISTS, PAGES
from testkit.question_sets import LATEST_PAGES, NEW_PAGES, NEWEST_PAGES, Rows, judge, measures, rows_of

HELD_OUT = "-held-out"
KINDS = ("nothing", "suggested", "written")


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


def main() -> None:
    for kind in KINDS:
        rows: Rows = []
        for questions in (*NEW_PAGES, *NEWEST_PAGES, *LATEST_PAGES):
            with TemporaryDirectory() as folder:
                rows += rows_with(kind, questions, Path(folder))
        shown = ", ".join(f"{name} {value:.2f}" for name, value in measures(rows).items())
        print(f"{kind:10} {len(rows)} questions: {shown}")


if __name__ == "__main__":
    main()
