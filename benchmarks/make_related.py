"""Makes qa/data/related.txt.gz, the words that stand near one another: `python -m benchmarks.make_related EVERYDAY.npz
SENTENCES.npz WORDNET`. With WORDNET alone takes out of the table what its rules, as they are now, leave out.

The two files hold word vectors (`words`, and `vectors` of one row a word): of words by the company they keep (GloVe
6B, 100 dimensions, public domain; the order of its words is that of their frequency), and of words read as sentences
(all-MiniLM-L6-v2, Apache 2.0). WORDNET is the folder of WordNet's database. Either kind alone errs in its own way: the
first brings what is spoken of together (nitrogen and phosphorus), the second what is spelt alike (ban and Banff).
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from qa.text.analysis import term_of
from qa.understanding.expansion import FILE, TENTHS, in_terms, table
from qa.understanding.illnesses import illnesses
from qa.understanding.interventions import is_drug

LOW, HIGH = 0.30, 0.60  # mean likeness that counts for nothing and for as much as the word itself
NEAREST = 20
LEAST = 3  # tenths: below it a word is as likely as not by chance
BLOCK = 1000  # words compared with all others at once
COMMON_DIRECTIONS = 2  # Mu and Viswanath, All-but-the-Top, ICLR 2018: what all words share says nothing
# Of kinds of the first two none stands for another: cocaine is no heroin, glaucoma no epilepsy. Nor does a part of the
# body for an illness: prostate is no cancer, though the throat may stand for the tongue. WordNet has illnesses in three
# places.
DRUGS, ILLNESSES, ORGANS = ("drug",), ("ill_health", "disorder", "symptom"), ("body_part",)
UNKNOWN = 0.2  # likeness by company of a word that only the other file has: what unrelated words have at most
HEAD = """\
# A term, and the terms that stand near it with their nearness in tenths. Made by benchmarks/make_related.py from GloVe
# 6B (Pennington, Socher and Manning 2014, public domain) and all-MiniLM-L6-v2 (Apache 2.0); opposites, names, and words
# of time and quantity were taken out with WordNet 3.0, pairs of drugs, of illnesses or symptoms, and of
# an illness and a part of the body with WordNet 3.1 and the illnesses of this package.
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
    """Takes the pairs out of the table that are of two things."""
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
    """Says of two terms whether they are of things that never stand for one another: of one kind and none a kind of the
    other (wine may stand for alcohol), or one a part of the body and the other an illness of it.

    By terms, so that no heroine brings heroin back.
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
    """The terms of the illnesses of the package with a name of one word, each with the other terms for it and for what
    it is a kind of."""
    known = illnesses()
    found: dict[str, set[str]] = {}
    for number, names in enumerate(known.names):
        own = set(map(in_terms, names))
        for term in map(in_terms, known.spoken_of_by(number)):
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
    """The words of a synset as WordNet's wndb(5) lays it out."""
    return [re.sub(r"\((a|p|ip)\)$", "", fields[4 + 2 * i]) for i in range(int(fields[3], 16))]


def pointers(fields: list[str]) -> Iterator[list[str]]:
    """What a synset points to: sign, offset, part of speech, and which words are meant."""
    start = 5 + 2 * int(fields[3], 16)
    yield from (fields[start + 4 * i : start + 4 * i + 4] for i in range(int(fields[start - 1])))


def synsets(wordnet: str) -> Iterator[tuple[str, list[str]]]:
    for file, kind in {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}.items():
        for line in (Path(wordnet) / f"data.{file}").read_text(encoding="latin-1").splitlines():
            if not line.startswith("  "):
                yield kind, line.split(" | ")[0].split()


def opposites(wordnet: str) -> set[tuple[str, str]]:
    """Pairs of words that are each other's opposite."""
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
    """Words that are written with a capital letter only (places, people, days), in small letters."""
    written = [lemma for _, fields in synsets(wordnet) for lemma in lemmas(fields)]
    return {word.lower() for word in written if word[0].isupper()} - {word for word in written if word.islower()}


def measures_in(wordnet: str) -> set[str]:
    """Words of time and quantity, which stand near one another and never for one another: summer and winter, six and
    seven. Those whose first sense as a noun is one; the second field of a synset numbers the lexicographer's file
    (lexnames(5)): 23 quantity, 28 time."""
    measures = {fields[0] for kind, fields in synsets(wordnet) if kind == "n" and fields[1] in ("23", "28")}
    return {lemma for lemma, sense in first_senses(wordnet).items() if sense in measures}


def kinds_of(things: Sequence[str], wordnet: str) -> dict[str, set[str]]:
    """The terms for kinds of some things, the things' own apart, each with those of which it is a kind again. Only of
    words that mean such a kind first of all: an effect is a symptom in its fourth sense."""
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
    """The synset of each noun's commonest sense."""
    entries = (line.split() for line in (Path(wordnet) / "index.noun").read_text().splitlines() if line[0] != " ")
    return {lemma: rest[-int(senses)] for lemma, _, senses, *rest in entries}


def singulars(wordnet: str) -> dict[str, str]:
    """The singular of plurals that no rule makes, and of women, which it makes of men by one."""
    lines = (Path(wordnet) / "noun.exc").read_text(encoding="latin-1").splitlines()
    return {"women": "woman"} | {plural: singular for plural, singular, *_ in map(str.split, lines)}


if __name__ == "__main__":
    filter_table(sys.argv[1]) if len(sys.argv) == 2 else main(*sys.argv[1:])
