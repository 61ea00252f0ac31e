from __future__ import annotations

from qa.models import Reading
from qa.readers.text import read_text


def read_markdown(text: str) -> Reading:
    return read_text(text)
