"""The text of a file that is not UTF-8, if its encoding is certain."""

from __future__ import annotations

import codecs
import re

OLDER = "windows-1252"  # Western Europe; a superset of ISO 8859-1
# What texts in that encoding have besides letters. In a text of another encoding, other signs turn up.
SIGNS = frozenset("“”‘’„‚‹›«»–—…•·°±§¶©®™€£¥½¼¾²³¹µ×÷¡¿ªº†‡‰\u00a0\u00ad")
WITHIN_WORDS = frozenset("’‘–—…·\u00a0\u00ad")
# "Ïðèâåò", "cafŽ", "z³oty": what Cyrillic, the Mac and Eastern Europe look like in it.
TOO_MANY = re.compile(r"[À-ÿŠŒŽšœžŸ]{3}")
CAPITAL_WITHIN = re.compile(r"[a-zß-ÿ][À-ÖØ-ÞŠŒŽŸ]")
SIGN_WITHIN = re.compile(r"[^\W\d_]([^\w\s\x00-\x7f]|[²³¹ªº])[^\W\d_]")


MIXED = re.compile(rb"[\xc3-\xdf][\x80-\xbf]")  # letters in UTF-8 beside those that are not


def text_in_certain_encoding(data: bytes) -> str | None:
    """The text: in UTF-16 if the file says so, else in Windows-1252 if all its signs and letters are where such a text
    has them. None if it is neither, or is no text."""
    if MIXED.search(data):
        return None
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else OLDER
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if "\0" not in text and (encoding != OLDER or is_plausible(text)) else None


def is_plausible(text: str) -> bool:
    """Whether a text that was decoded as Windows-1252 looks like one."""
    if any(not letter.isalpha() and letter not in SIGNS for letter in text if letter > "\x7f"):
        return False
    if TOO_MANY.search(text) or CAPITAL_WITHIN.search(text):
        return False
    return all(match[1] in WITHIN_WORDS for match in SIGN_WITHIN.finditer(text))
