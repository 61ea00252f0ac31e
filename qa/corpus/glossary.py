"""Read the owner's glossary."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from qa.corpus.entries import LineOf, quoted
from qa.corpus.faults import Faults
from qa.corpus.folder import read_entries
from qa.models import GlossaryEntry
from qa.text.phrases import in_words

GLOSSARY = "glossary.toml"


def read_glossary(folder: Path, faults: Faults, lines: dict[tuple[str, str], LineOf]) -> tuple[GlossaryEntry, ...]:
    """The entries, in the order of the file. A form that two entries have is a fault: which of them is meant would be a
    guess."""
    records = read_entries(folder, GLOSSARY, "term", GlossaryEntry, faults).records
    lines |= {(GLOSSARY, read.term): partial(entry.line_of, None) for entry, read in records}
    first: dict[str, int | None] = {}
    good = []
    for entry, read in records:
        with faults.collected():
            for key, form in (("term", read.term), *(("forms", form) for form in read.forms)):
                words = in_words(form, str)
                if not re.search(r"\w", words):
                    raise entry.fault(f"{quoted(form)} has no letter or digit, so it never matches. Correct it.", key)
                if words in first:
                    place = f"first on line {first[words]}"
                    raise entry.fault(f"{quoted(form)} is explained twice, {place}. Change or remove one.", key)
                first[words] = entry.line_of(key)
            good.append(read)
    return tuple(good)
