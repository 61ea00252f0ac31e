"""What can be corrected in the text of a file without knowing what it says: encoding, signs of syntax, forms of DOIs.

The words of a document are never changed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import PurePath

from qa.corpus.dois import clean_doi
from qa.editing.encodings import text_in_certain_encoding
from qa.messages import say

TEXTS = frozenset({".txt", ".text", ".md", ".markdown", ".bib", ".ris", ".json", ".jsonl", ".toml"})
ENCODING_SAID = re.compile(r"\A(%\s*Encoding:\s*)[\w-]+")  # as JabRef writes it
Step = tuple[str, Callable[[str], str]]


def corrected(name: str, data: bytes) -> tuple[bytes, list[str]]:
    """The content of a text file with what can be corrected, and what was."""
    ending = PurePath(name).suffix.lower()
    if ending not in TEXTS:
        return data, []
    said = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        certain = text_in_certain_encoding(data)
        if certain is None:
            return data, []
        text = ENCODING_SAID.sub(r"\1UTF-8", certain)
        said.append(say("fix.encoding"))
    for step in (correct_syntax, correct_dois):
        text, done = step(ending, text)
        said += done
    return text.encode("utf-8"), said


# --- syntax --------------------------------------------------------------------------------------

QUOTES = re.compile(r'([=\[,:{]\s*)[“”„]([^"“”„\n]*)[“”](?=\s*[,\]}:#\n]|\s*\Z)')
STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])')
TOML_STEPS: tuple[Step, ...] = (
    ("fix.line_ends", lambda text: re.sub(r"\r(?!\n)", "\n", text)),
    ("fix.quotes", lambda text: QUOTES.sub(r'\1"\2"', text)),
)
JSON_STEPS: tuple[Step, ...] = (
    ("fix.quotes", lambda text: QUOTES.sub(r'\1"\2"', text)),
    ("fix.commas", lambda text: STRING_OR_COMMA.sub(lambda found: found[1] or "", text)),
)


def correct_syntax(ending: str, text: str) -> tuple[str, list[str]]:
    """Correct a file that cannot be parsed, if that makes it a file that can be."""
    loads, steps = SYNTAX.get(ending, (None, ()))
    if loads is None or can_be_loaded(loads, text):
        return text, []
    corrected_text, said = text, []
    for name, correct in steps:
        after = correct(corrected_text)
        said += [say(name)] if after != corrected_text else []
        corrected_text = after
        if can_be_loaded(loads, corrected_text):
            return corrected_text, said
    return text, []


def can_be_loaded(loads: Callable[[str], object], text: str) -> bool:
    try:
        loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return False
    return True


def load_lines(text: str) -> object:
    return [json.loads(line) for line in text.split("\n") if line.strip()]


SYNTAX: dict[str, tuple[Callable[[str], object], Iterable[Step]]] = {
    ".toml": (tomllib.loads, TOML_STEPS),
    ".json": (json.loads, JSON_STEPS),
    ".jsonl": (load_lines, JSON_STEPS),
}

# --- DOIs ----------------------------------------------------------------------------------------

# The value of a DOI in each format, between what stands before and behind it.
DOI_VALUES = {
    ".json": re.compile(r'(?<="DOI")(\s*:\s*")([^"\\]+)'),
    ".bib": re.compile(r'((?<![\w-])doi\s*=\s*[{"])([^{}"\n]+)(?=[}"])', re.IGNORECASE),
    ".ris": re.compile(r"^(DO[ \t]{1,2}-[ \t])([^\r\n]+?)(?=[ \t]*\r?$)", re.MULTILINE),
}


def correct_dois(ending: str, text: str) -> tuple[str, list[str]]:
    """Write DOIs without an address, once, and without punctuation behind them."""
    values, said = DOI_VALUES.get(ending), []
    if values is None:
        return text, []

    def cleaned(found: re.Match[str]) -> str:
        if (doi := clean_doi(found[2])) != found[2]:
            said.append(say("fix.doi", before=found[2], after=doi))
        return found[1] + doi

    return values.sub(cleaned, text), said
