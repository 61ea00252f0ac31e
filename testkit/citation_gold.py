"""Score citations against gold annotations, as their official scorer does (citegold/gen/score.py)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from qa.citations.marks import find_citations
from qa.citations.references import read_references
from qa.indexing.placement import in_file
from qa.models import Citation, Reading, Reference
from qa.readers import read_document
from qa.readers.plain import Plain

Gold = dict[str, Any]


def folded(name: str | None) -> str:
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", (name or "").lower()))


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
    plain = Plain(read_document("gold.md" if gold["md"] else "gold.txt", gold["text"].encode()))
    reading = plain.reading
    works = read_references(reading) | (bibliography(gold) if style == "pandoc" else {})
    citations, known = find_citations(reading, works)
    return reading, [in_file(plain, citation) for citation in citations], known


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
