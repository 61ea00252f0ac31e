"""The text of BibTeX fields as TeX would print it."""

from __future__ import annotations

import logging
import re
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text

TEX_ANGLE = re.compile(r"\$([<>])\$|\\text(?:less|greater)(?![a-z]) ?(?:\{\})?")  # in old DOIs
MARKUP = re.compile(r"[\\$]")
TO_TEXT = LatexNodes2Text()
# How TeX prints plain characters; pylatexenc does the same, but a hundred times slower.
LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " "))

# It logs unreadable input verbatim, over several lines; we report it in one line with its location.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL + 1)


@lru_cache(maxsize=1 << 12)  # names and journals recur
def without_latex(latex: str) -> str:
    """The text as TeX would print it. Raises what pylatexenc raises, which it does not document."""
    if MARKUP.search(latex):
        latex = str(TO_TEXT.latex_to_text(latex))
    else:
        for written, printed in LIGATURES:
            latex = latex.replace(written, printed)
    return re.sub(r"[{}]", "", latex)


def without_escapes(value: str) -> str:
    """An identifier or URL without its TeX escapes; these fields have no other markup."""
    value = TEX_ANGLE.sub(lambda found: found[1] or ("<" if "less" in found[0] else ">"), value)
    return re.sub(r"\\([&%$#_{}~])|[{}]", lambda found: found[1] or "", value)
