"""Make qa/data/illnesses.txt.gz, illnesses by their scientific names: `python -m benchmarks.make_illnesses DOID`.

DOID is the Human Disease Ontology (CC0), one JSON object a line: `id`, `name`, `synonyms`, `relations.is_a`. To keep
the file small, only names of up to LONGEST words that are all in the background table are kept: names with other
words would hardly be found anyway. A name that two illnesses share is left out.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from qa.text.analysis import WORD_OR_NUMBER, term_of
from qa.text.background import background, generic_words
from qa.text.phrases import in_words, singular_form
from qa.understanding.illnesses import FILE

# Words that also mean something else; judged by hand among all one-word names with another sense in WordNet.
COMMON = frozenset({"depression", "hops", "leeches", "stroke"})
key_of = partial(in_words, normalise=singular_form)
LONGEST = 4  # words in a name
# Terms that do not identify an illness. Without its stop word, "Still's disease" is only such a term.
GENERAL = frozenset(map(term_of, ("disease", "syndrome", "disorder", "neoplasm", "tumor", "physical", "genetic")))
HEAD = """\
# Illnesses: names and synonyms from the Human Disease Ontology (CC0) whose words are all in the background table. One
# illness a line: names separated by semicolons; after "<" the wider illnesses that it is a kind of. Names in brackets
# are common words (see illnesses.txt). Made by benchmarks/make_illnesses.py.
"""


def main(path: str) -> None:
    entries = {entry["id"]: entry for entry in map(orjson.loads, Path(path).read_bytes().splitlines())}
    of_how_many = Counter(key for entry in entries.values() for key in {key_of(name) for name in written(entry)})
    names: dict[str, list[str]] = {}
    for id, entry in entries.items():
        own = {key_of(name): name for name in reversed(written(entry)) if keeps(name)}
        kept = [name for key, name in reversed(own.items()) if of_how_many[key] == 1]
        if kept:
            names[id] = kept
    lines = [line(id, kept, names, entries) for id, kept in names.items()]
    text = HEAD + "".join(f"{each}\n" for each in sorted(lines))
    (Path(__file__).parent.parent / "qa" / "data" / FILE).write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(lines):,} illnesses, {sum(map(len, names.values())):,} names")


def line(id: str, kept: list[str], names: Mapping[str, list[str]], entries: Mapping[str, Any]) -> str:
    own = ";".join(f"({name})" if name in COMMON else name for name in kept)
    wider = ";".join(dict.fromkeys(names[above][0] for above in nearest_above(id, names, entries)))
    return f"{own}<{wider}" if wider else own


def written(entry: Mapping[str, Any]) -> list[str]:
    """The names of an illness as people write them, its main name first: no "tumor, malignant", no "TIA - …"."""
    plain = (name for name in (entry["name"], *entry.get("synonyms", ())) if not set(name) & set(".,;<>()[]/"))
    return [name if any(map(str.isupper, name[1:])) else name.lower() for name in plain if " - " not in name]


def keeps(name: str) -> bool:
    """Whether a name is short and known and has neither an abbreviation, which is often ambiguous, nor a generic word:
    "the best disease control" is not about Best disease."""
    words = [match[0] for match in WORD_OR_NUMBER.finditer(name)]
    terms = {term for word in words if (term := term_of(word))}
    short = len(words) <= LONGEST and not any(word.isupper() and len(word) > 1 for word in words)
    known = all(map(background().knows, terms)) and terms.isdisjoint(generic_words())
    return short and known and not terms <= GENERAL


def nearest_above(id: str, kept: Mapping[str, list[str]], entries: Mapping[str, Any]) -> Iterator[str]:
    """The ids of the nearest wider illnesses whose names are kept."""
    for above in entries[id].get("relations", {}).get("is_a", ()):
        if above in kept:
            yield above
        elif above in entries:
            yield from nearest_above(above, kept, entries)


if __name__ == "__main__":
    main(*sys.argv[1:])
