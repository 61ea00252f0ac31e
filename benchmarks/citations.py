"""Measure citations, sentences and references against gold: `python -m benchmarks.citations`.

`--errors STYLE` lists the errors in documents of one style; `--hostile SIZE` sets the length of the hostile texts in
characters. Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import json
import os
import sys
import time
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from qa.citations.parsing import parse_reference
from qa.citations.reference_index import ReferenceIndex
from qa.conditions import Vocabulary
from qa.corpus import open_corpus
from qa.corpus.documents import CorpusFile
from qa.indexing.ingest import annotate_document
from qa.models import CSL, Provenance
from qa.text.sentences import split_sentences
from testkit.citation_gold import measures, score_folder

ROOT = Path(__file__).parent.parent


# --- the official scorer's logic (citegold/gen/score.py) ---------------------------------------


def score_marks(folder: Path, shown: str | None) -> None:
    totals, errors = score_folder(folder / "citegold")
    print(*errors.get(shown or "", ()), sep="\n")
    print(f"{'style':16} docs   pairs P/R/F         marks P/R/F         cited sentences P/R/F")
    for name, counts in sorted(totals.items(), key=lambda row: (row[0] == "ALL", row[0])):
        figures = "   ".join(" ".join(f"{x:.3f}" for x in measures(counts, kind)) for kind in ("pair", "mark", "sent"))
        print(f"{name:16} {counts['documents']:4}   {figures}")


# --- sentences, reference strings ---------------------------------------------------------------


def score_sentences(folder: Path) -> None:
    """Print precision and recall of inner sentence boundaries (CRAFT), and how many difficult lines are split right."""
    counts: Counter[str] = Counter()
    for gold in json.loads((folder / "craft_sentences.json").read_text()):
        true = {start for start, _ in gold["spans"][1:]}
        found = {start for start, _ in split_sentences(gold["text"], 0, len(gold["text"]))[1:]}
        counts += Counter(cut_tp=len(true & found), cut_fp=len(found - true), cut_fn=len(true - found))
    print("sentences, CRAFT P/R/F:  " + " ".join(f"{figure:.4f}" for figure in measures(counts, "cut")))
    cases = [line for line in (folder / "hard.txt").read_text().splitlines() if line and not line.startswith("#")]
    right = sum(is_split_right(case.split(" || ")) for case in cases)
    print(f"sentences, hard lines:   {right} of {len(cases)}")


def is_split_right(sentences: list[str]) -> bool:
    text = " ".join(sentences)
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))] == sentences


def score_reference_strings(path: Path) -> None:
    """Print the share of correct surnames, years, volumes and first pages, each where gold has one, and of all four."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for gold in json.loads(path.read_text()):
        csl = parse_reference(gold["string"])
        agree = {key: value == normal(gold[key]) for key, value in parsed_fields(csl).items() if gold[key]}
        right.update(key for key, value in agree.items() if value)
        total.update(agree.keys())
        if len(agree) == 4:
            total["all four"] += 1
            right["all four"] += all(agree.values())
    print("reference strings:       " + "  ".join(f"{key} {right[key] / total[key]:.3f}" for key in sorted(total)))


def parsed_fields(csl: CSL) -> dict[str, str]:
    author = (csl.get("author") or [{}])[0]
    year = csl.get("issued", {}).get("date-parts", [[""]])[0][0]
    page = str(csl.get("page", "")).split("-")[0]
    fields = {"surname": author.get("family") or author.get("literal"), "year": year, "volume": csl.get("volume")}
    return {key: normal(value) for key, value in (fields | {"fpage": page}).items()}


def normal(value: object) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", str(value or "")).lower() if c.isalnum())


# --- speed -------------------------------------------------------------------------------------

# Near misses of citations, brackets, digits and quotation marks; repeated, they would expose a slow pattern.
HOSTILE = (
    "(", "[1", "((1)) ", "(1) ", "[1]-", "1,", "1 ", "2010, ", "Smith, ", "Smith et al. (", "Smith 2010 ",
    "(Smith, 2010; ", "(Smith et al., Am J. 2010;1(2):3-4) ", "Am J. 2010;", "et al. ", "A. B. C", "h. A",
    '"', "''", "“”", ". ", "a.1 ",
    "¹ ", "^1", "[^1]", "[^a]: b\n", "[@a ", "10.1234/a ", "http://", "- a\n", "> ", "`", "|", "*", "a\n", "A", "Ab ",
)  # fmt: skip


def read_whole(text: str, suffix: str = ".txt") -> None:
    """Read a text as ingest does: blocks, works, citations, sentences with conditions, support, passages."""
    file = CorpusFile("a", f"a{suffix}", text.encode(), Provenance("A"), 1)
    annotate_document(file, vocabulary(), ReferenceIndex(()))


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(open_corpus(ROOT / "corpus").conditions)


def seconds(text: str, suffix: str = ".txt") -> float:
    start = time.process_time()
    read_whole(text, suffix)
    return time.process_time() - start


def measure_speed(folder: Path) -> None:
    """Print the speed of reading all gold documents, with support and tags, on one core."""
    golds = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    took = sum(seconds(gold["text"], ".md" if gold["md"] else ".txt") for gold in golds)
    size = sum(len(gold["text"].encode()) for gold in golds) / 1000
    print(f"speed:                   {size / took:.0f} KB/s over {size / 1000:.1f} MB")


def measure_linearity(size: int) -> None:
    """Print the largest factor by which time grows when a hostile text is doubled; 2 is linear."""
    ratios = {}
    for row in HOSTILE:
        for suffix in (".txt", ".md"):
            once, twice = (seconds(row * (length // len(row)), suffix) for length in (size, 2 * size))
            ratios[f"{row!r} {suffix}"] = twice / max(once, 0.05)
    worst = max(ratios, key=lambda row: ratios[row])
    print(f"twice the text takes:    at most {ratios[worst]:.1f} times as long ({worst}, {size / 1e6:.1f} MB)")


def main(arguments: list[str]) -> None:
    folder = Path(os.environ["QA_TEST_DATA"]) / "citations"
    score_marks(folder, arguments[1] if arguments[:1] == ["--errors"] else None)
    score_sentences(folder / "sentences")
    score_reference_strings(folder / "reference_strings.json")
    measure_speed(folder / "citegold" / "dev")
    measure_linearity(int(arguments[1]) if arguments[:1] == ["--hostile"] else 200_000)


if __name__ == "__main__":
    main(sys.argv[1:])
