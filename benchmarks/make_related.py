"""Make qa/data/related.txt.gz, the table of related words.

    python -m benchmarks.make_related EVERYDAY.npz SENTENCES.npz WORDNET

With WORDNET alone, apply the current exclusions to the existing table.

The two files have word vectors (`words`, and `vectors` with one row a word). EVERYDAY has co-occurrence vectors (GloVe
6B, 100 dimensions, public domain; its words are in order of frequency), SENTENCES has single words encoded as sentences
(all-MiniLM-L6-v2, Apache 2.0). WORDNET is the folder of WordNet's database. Each kind alone makes its own errors: the
first relates words that are used together (nitrogen and phosphorus), the second words that are spelt alike (ban and
Banff).
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from qa.text.analysis import in_terms, term_of
from qa.understanding.expansion import FILE, TENTHS, table
from qa.understanding.illnesses import illnesses
from qa.understanding.interventions import is_drug

LOW, HIGH = 0.30, 0.60  # mean similarities that count for nothing, and as much as the word itself
NEAREST = 20
LEAST = 3  # tenths; a weaker relation is as likely as not a coincidence
BLOCK = 1000  # words compared with all others in one step
COMMON_DIRECTIONS = 2  # Mu and Viswanath, All-but-the-Top, ICLR 2018: what all words share is uninformative
# Two drugs or two illnesses are not related words (cocaine is not heroin, glaucoma is not epilepsy) unless one is a
# kind of the other; nor are a part of the body and an illness (prostate is not cancer). Two parts of the body may be:
# throat, tongue. WordNet has illnesses in three places.
DRUGS, ILLNESSES, ORGANS = ("drug",), ("ill_health", "disorder", "symptom"), ("body_part",)
UNKNOWN = 0.2  # co-occurrence similarity of a word that EVERYDAY lacks: the most that unrelated words have
HEAD = """\
# A term, and its related terms with their strength in tenths. Made by benchmarks/make_related.py from GloVe 6B
# (Pennington, Socher and Manning 2014, public domain) and all-MiniLM-L6-v2 (Apache 2.0). Excluded: opposites, names,
# and words of time and quantity (by WordNet 3.0); pairs of drugs, of illnesses or symptoms, and of an illness and a
# part of the body (by WordNet 3.1 and the illnesses of this package).
"""


def main(everyday: str, sentences: str, wordnet: str) -> None:
    words, vectors = read_vectors(sentences)
    terms = [term_of(word) for word in words]
    company = dict(zip(*read_vectors(everyday), strict=True))
    by_term: dict[str, np.ndarray] = {}
    for word, vector in company.items():
        by_term.setdefault(term_of(word), vector)
    near = unit(vectors - vectors.mean(axis=0))
    known = np.array([term in by_term for term in terms])
    kept = unit(without_common(np.array([by_term.get(term, np.zeros(100)) for term in terms]), known))
    opposite, excluded = opposites(wordnet), names_in(wordnet) | measures_in(wordnet)
    base = singulars(wordnet)
    apart = {i for i, word in enumerate(words) if word in excluded or is_drug(word)}
    one_and_another = other_things(wordnet)
    lines = []
    for start in range(0, len(words), BLOCK):
        rows = slice(start, start + BLOCK)
        by_company = np.where(known[rows, None] & known, kept[rows] @ kept.T, UNKNOWN)
        likeness = (near[rows] @ near.T + by_company) / 2
        nearest = np.argpartition(-likeness, NEAREST, axis=1)[:, : NEAREST + 1]
        for place, row, best in zip(range(start, len(words)), likeness, nearest, strict=False):
            others = {
                terms[i]: round(float(np.clip((row[i] - LOW) / (HIGH - LOW), 0, 1)) * TENTHS)
                for i in sorted(best, key=lambda i: row[i])
                if i not in apart
                and not one_and_another(terms[place], terms[i])
                and (base.get(words[place], words[place]), base.get(words[i], words[i])) not in opposite
            }
            others.pop(terms[place], None)
            pairs = [f"{other}:{tenths}" for other, tenths in reversed(others.items()) if tenths >= LEAST]
            if pairs and place not in apart:
                lines.append(" ".join([terms[place], *pairs]))
    write(lines)


def filter_table(wordnet: str) -> None:
    """Remove pairs of different things from the existing table."""
    one_and_another, lines = other_things(wordnet), []
    for term in table():
        pairs = [pair for pair in table()[term].split() if not one_and_another(term, pair.partition(":")[0])]
        lines += [" ".join([term, *pairs])] if pairs else []
    write(lines)


def write(lines: list[str]) -> None:
    text = HEAD + "".join(f"{line}\n" for line in sorted(lines))
    (Path(__file__).parent.parent / "qa" / "data" / FILE).write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(lines):,} terms, {sum(line.count(':') for line in lines):,} pairs")


def other_things(wordnet: str) -> Callable[[str, str], bool]:
    """Return a function that says whether two terms name things that must not replace each other: two drugs or two
    illnesses, unless one is a kind of the other (wine is alcohol), or a part of the body and an illness.

    Compares terms, not words: "heroine" has the same term as "heroin".
    """
    drugs, illness, organs = (kinds_of(lemmas, wordnet) for lemmas in (DRUGS, ILLNESSES, ORGANS))
    for term, wider in listed_illnesses().items():
        illness.setdefault(term, set()).update(wider)

    def other(a: str, b: str) -> bool:
        if any(a in kinds and b in kinds for kinds in (drugs, illness)):
            return not any(b in kinds.get(a, ()) or a in kinds.get(b, ()) for kinds in (drugs, illness))
        return (a in organs and b in illness) or (a in illness and b in organs)

    return other


def listed_illnesses() -> dict[str, set[str]]:
    """One-term names of the package's illnesses, each with its other terms and those of the wider illnesses."""
    known = illnesses()
    found: dict[str, set[str]] = {}
    for number, names in enumerate(known.names):
        own = set(map(in_terms, names))
        for term in map(in_terms, known.names_with_kinds(number)):
            if term and " " not in term:
                found.setdefault(term, set()).update(own)
    return found


def read_vectors(path: str) -> tuple[list[str], np.ndarray]:
    with np.load(path, allow_pickle=False) as file:
        return [str(word) for word in file["words"]], file["vectors"].astype(np.float32)


def without_common(vectors: np.ndarray, known: np.ndarray) -> np.ndarray:
    vectors = np.where(known[:, None], vectors - vectors[known].mean(axis=0), 0)
    directions = np.linalg.svd(vectors, full_matrices=False)[2][:COMMON_DIRECTIONS]
    return np.asarray(vectors - vectors @ directions.T @ directions)


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def lemmas(fields: list[str]) -> list[str]:
    """The words of a synset; fields as in WordNet's wndb(5)."""
    return [re.sub(r"\((a|p|ip)\)$", "", fields[4 + 2 * i]) for i in range(int(fields[3], 16))]


def pointers(fields: list[str]) -> Iterator[list[str]]:
    """The pointers of a synset: symbol, offset, part of speech, and the words related."""
    start = 5 + 2 * int(fields[3], 16)
    yield from (fields[start + 4 * i : start + 4 * i + 4] for i in range(int(fields[start - 1])))


def synsets(wordnet: str) -> Iterator[tuple[str, list[str]]]:
    for file, kind in {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}.items():
        for line in (Path(wordnet) / f"data.{file}").read_text(encoding="latin-1").splitlines():
            if not line.startswith("  "):
                yield kind, line.split(" | ")[0].split()


def opposites(wordnet: str) -> set[tuple[str, str]]:
    """Pairs of opposites, in both orders."""
    every: Mapping[tuple[str, str], list[str]] = {(kind, f[0]): f for kind, f in synsets(wordnet)}
    found: set[tuple[str, str]] = set()
    for fields in every.values():
        own = lemmas(fields)
        for sign, offset, kind, places in pointers(fields):
            if sign == "!":
                other = lemmas(every["a" if kind == "s" else kind, offset])
                pair = (own[int(places[:2], 16) - 1].lower(), other[int(places[2:], 16) - 1].lower())
                found |= {pair, pair[::-1]}
    return found


def names_in(wordnet: str) -> set[str]:
    """Words that are always capitalised (places, people, days), in lower case."""
    written = [lemma for _, fields in synsets(wordnet) for lemma in lemmas(fields)]
    return {word.lower() for word in written if word[0].isupper()} - {word for word in written if word.islower()}


def measures_in(wordnet: str) -> set[str]:
    """Words whose first sense as a noun is a time or a quantity: they are similar but never interchangeable (summer and
    winter, six and seven). The second field of a synset is the lexicographer file (lexnames(5)): 23 quantity, 28 time.
    """
    measures = {fields[0] for kind, fields in synsets(wordnet) if kind == "n" and fields[1] in ("23", "28")}
    return {lemma for lemma, sense in first_senses(wordnet).items() if sense in measures}


def kinds_of(things: Sequence[str], wordnet: str) -> dict[str, set[str]]:
    """Terms for kinds of some things, without the things' own terms, each with the terms of the wider kinds. Only words
    whose first sense is such a kind: "effect" is a symptom in its fourth sense only."""
    every = {fields[0]: fields for kind, fields in synsets(wordnet) if kind == "n"}
    first = first_senses(wordnet)
    found: dict[str, set[str]] = {}
    ahead: list[tuple[str, frozenset[str]]] = [
        (offset, frozenset()) for offset, fields in every.items() if not set(things).isdisjoint(lemmas(fields))
    ]
    while ahead:
        offset, above = ahead.pop()
        for below in (to for sign, to, *_ in pointers(every[offset]) if sign in ("~", "~i")):
            words = lemmas(every[below])
            for term in {term_of(word) for word in words if first[word.lower()] == below}:
                found.setdefault(term, set()).update(above)
            ahead.append((below, above | frozenset(map(term_of, words))))
    return found


def first_senses(wordnet: str) -> dict[str, str]:
    """The offset of the synset of each noun's most common sense."""
    entries = (line.split() for line in (Path(wordnet) / "index.noun").read_text().splitlines() if line[0] != " ")
    return {lemma: rest[-int(senses)] for lemma, _, senses, *rest in entries}


def singulars(wordnet: str) -> dict[str, str]:
    """Irregular plurals with their singulars, and "women", which WordNet's list lacks."""
    lines = (Path(wordnet) / "noun.exc").read_text(encoding="latin-1").splitlines()
    return {"women": "woman"} | {plural: singular for plural, singular, *_ in map(str.split, lines)}


if __name__ == "__main__":
    filter_table(sys.argv[1]) if len(sys.argv) == 2 else main(*sys.argv[1:])
