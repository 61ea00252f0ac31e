"""Measure citations, sentences and references against gold: `python -m benchmarks.citations`.

`--errors STYLE` lists the errors in documents of one style; `--hostile SIZE` sets the length of the hostile texts in
characters. Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from qa.citations.marks import find_citations
from qa.citations.parsing import parse_reference
from qa.citations.references import read_references
from qa.conditions import Vocabulary
from qa.corpus import open_corpus
from qa.corpus.documents import CorpusFile
from qa.indexing.ingest import annotate_document
from qa.models import CSL, Citation, Provenance, Reading, Reference
from qa.readers import read_document
from qa.text.sentences import split_sentences

Gold = dict[str, Any]
ROOT = Path(__file__).parent.parent


def folded(name: str | None) -> str:
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", (name or "").lower()))


# --- the official scorer's logic (citegold/gen/score.py) ---------------------------------------


def official_fits(target: dict[str, Any], refs: dict[str, Gold]) -> list[str]:
    """Return the keys of the gold references that a target matches, as the official scorer resolves it."""
    if target.get("n") is not None:
        return [key for key, ref in refs.items() if ref["n"] == int(target["n"])]
    if target.get("key"):
        return [key for key, ref in refs.items() if ref["key"] == target["key"]]
    if target.get("doi"):
        doi = target["doi"].lower().rstrip(".,;)")
        return [key for key, ref in refs.items() if ref["doi"] and ref["doi"].lower().rstrip(").") == doi]
    if target.get("pmid"):
        return [key for key, ref in refs.items() if ref["pmid"] == target["pmid"]]
    fits = [key for key, ref in refs.items() if official_match(target, ref)]
    return official_choice(target, fits, refs) if len(fits) > 1 else fits


def official_match(target: dict[str, Any], ref: Gold) -> bool:
    mine, theirs = folded(target.get("surname")), folded(ref["surname"])
    if not mine or not theirs or not (theirs.endswith(mine) or mine.endswith(theirs)):
        return False
    if target.get("year") and ref["year"] != target["year"]:
        return False
    pairs = [("ysuf", "ysuf"), ("volume", "volume"), ("page", "fpage")]
    return all(target[a] == ref[b] for a, b in pairs if target.get(a) and ref.get(b))


def official_choice(target: dict[str, Any], fits: list[str], refs: dict[str, Gold]) -> list[str]:
    names = {key: refs[key]["names"] for key in fits}
    if target.get("second"):
        better = [k for k in fits if len(names[k]) > 1 and folded(names[k][1][0]) == folded(target["second"])]
    elif target.get("etal"):
        better = [k for k in fits if len(names[k]) > 2]
    else:
        better = [k for k in fits if len(names[k]) == 1]
    fits = better or fits
    if len(fits) > 1 and target.get("ysuf"):
        index = "abcdefghij".find(target["ysuf"])
        return [sorted(fits, key=list(refs).index)[index]] if 0 <= index < len(fits) else fits
    return fits


def target_of(work: Reference, labels: dict[str, str]) -> dict[str, Any]:
    """Convert a resolved reference to a target of the official scorer."""
    csl = work.csl
    if work.id in labels:
        return {"n": labels[work.id]}
    if "gold-key" in csl.get("custom", {}):
        return {"key": csl["custom"]["gold-key"]}
    names = [author.get("family") or author.get("literal") for author in csl.get("author", [])]
    issued = csl.get("issued", {}).get("date-parts", [[None]])[0][0]
    return {
        "doi": csl.get("DOI"), "pmid": csl.get("PMID"), "surname": names[0] if names else None,
        "second": names[1] if len(names) > 1 else None, "etal": csl.get("custom", {}).get("etAl"),
        "year": str(issued) if issued else None, "ysuf": csl.get("year-suffix"), "volume": csl.get("volume"),
        "page": str(csl.get("page", "")).split("-")[0],
    }  # fmt: skip


def bibliography(gold: Gold) -> dict[str, Reference]:
    """The .bib file of a document with pandoc keys."""
    return {
        ref["key"]: Reference(ref["key"], {"id": ref["key"], "type": "document", "custom": {"gold-key": ref["key"]}})
        for ref in gold["refs"].values()
    }


def read_gold(gold: Gold, style: str) -> tuple[Reading, list[Citation], dict[str, Reference]]:
    reading = read_document("gold.md" if gold["md"] else "gold.txt", gold["text"].encode())
    works = read_references(reading) | (bibliography(gold) if style == "pandoc" else {})
    return (reading, *find_citations(reading, works))


def score_document(gold: Gold, style: str) -> tuple[Counter[str], list[str]]:
    reading, citations, works = read_gold(gold, style)
    text, sentences, refs = gold["text"], gold["sentences"], gold["refs"]
    ends = {block.end: block.label for block in reading.blocks if block.label}
    labels = {work.id: ends[work.end] for work in works.values() if work.end in ends and work.raw}
    paragraphs = [p for p in gold["paras"] if p["kind"] == "p"]
    citations = [c for c in citations if any(p["start"] <= c.start < p["end"] for p in paragraphs)]
    hit = {i for c in citations for i, g in enumerate(gold["cites"]) if g["start"] < c.end and c.start < g["end"]}
    stray = [c for c in citations if not any(g["start"] < c.end and c.start < g["end"] for g in gold["cites"])]
    true = {(i, ref) for i, sentence in enumerate(sentences) for ref in sentence["refs"]}
    found: set[tuple[int, str]] = set()
    cited: set[int] = set()
    for citation in citations:
        index = next((i for i, s in enumerate(sentences) if s["start"] <= citation.start < s["end"]), None)
        if index is None:
            continue
        cited.add(index)
        for key in citation.references:
            target = target_of(works[key], labels)
            fits = official_fits(target, refs)
            sure = len(fits) == 1 or (fits and all((index, fit) in true for fit in fits))
            found |= {(index, fit) for fit in fits} if sure else {(index, f"?{target}")}
    truly_cited = {i for i, sentence in enumerate(sentences) if sentence["refs"]}
    counts = Counter(
        mark_tp=len(hit), mark_fp=len(stray), mark_fn=len(gold["cites"]) - len(hit),
        pair_tp=len(true & found), pair_fp=len(found - true), pair_fn=len(true - found),
        sent_tp=len(truly_cited & cited), sent_fp=len(cited - truly_cited), sent_fn=len(truly_cited - cited),
        documents=1,
    )  # fmt: skip
    errors = [f"FP {clip(text, c.start, c.end)}" for c in stray]
    errors += [f"PFP {text[sentences[i]['start'] : sentences[i]['end']][:300]} {key}" for i, key in found - true]
    errors += [
        f"PFN {text[sentences[i]['start'] : sentences[i]['end']][:300]} {refs[k]['n'], str(refs[k]['string'])[:90]}"
        for i, k in true - found
    ]
    return counts, errors


def clip(text: str, start: int, end: int) -> str:
    return f"{text[max(0, start - 50) : start]}<<{text[start:end]}>>{text[end : end + 20]}".replace("\n", " ")


def measures(counts: Counter[str], kind: str) -> tuple[float, float, float]:
    tp, fp, fn = (counts[f"{kind}_{part}"] for part in ("tp", "fp", "fn"))
    precision, recall = tp / max(tp + fp, 1), tp / max(tp + fn, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def score_folder(folder: Path) -> tuple[dict[str, Counter[str]], dict[str, list[str]]]:
    """Counts and errors by style, and over all."""
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    errors: dict[str, list[str]] = defaultdict(list)
    for entry in json.loads((folder / "index.json").read_text()):
        gold = json.loads((folder / entry["split"] / f"{entry['id']}.json").read_text())
        style = f"{entry['style']}-{entry['kind']}" if entry["style"] == "native" else entry["style"]
        counts, wrong = score_document(gold, style)
        errors[style] += [f"{entry['id']} {error}" for error in wrong]
        for name in (style, "ALL"):
            totals[name] += counts
    return totals, errors


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
    annotate_document(file, vocabulary(), (), {})


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
