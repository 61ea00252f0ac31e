"""Write Markdown."""

from __future__ import annotations

import re

from qa.models import CSL
from qa.text.characters import one_line

MARKUP = re.compile(r"[\\`*_\[\]<>]|^#|~(?=~)|^[-+](?=\s|$)")
NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")
NO_ADDRESS = re.compile(r"[<>\s\\]")


def escaped(words: str) -> str:
    """The words on one line, with a backslash before what Markdown would take for markup."""
    return NUMBERED.sub(r"\1\\", MARKUP.sub(lambda found: f"\\{found[0]}", one_line(words)))


def link_to_work(work: CSL, words: str) -> str:
    """The words with a link to a work; without one, if the work has no address."""
    web = str(work.get("URL", ""))
    address = f"https://doi.org/{work['DOI']}" if work.get("DOI") else web
    safe = address.startswith(("https://", "http://")) and not NO_ADDRESS.search(address)
    return f"[{escaped(words)}](<{address}>)" if safe else escaped(words)
