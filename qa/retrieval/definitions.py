"""Questions that ask what something is, and the sentences that say so."""

from __future__ import annotations

import re

from qa.text.analysis import analyze

ASKS = re.compile(
    r"^\W*(?:(?:so|and|but|please|ok|okay)\W+)*"
    r"(?:(?:what\s*(?:is|are|'s|’s|s|exactly is|exactly are)|define|who (?:is|are))\s+(?:meant by\s+)?"
    r"(?P<what>.+?)(?:\s+(?:mean|means|exactly|anyway))?|"
    r"what (?:does|do)\s+(?P<meant>.+?)\s+(?:mean|stand for))\W*$",
    re.IGNORECASE,
)
MOST_WORDS = 4  # content words of what is asked for: longer questions ask for more than a definition
ARTICLE = r"(?:an?|the|some)?\s*"
# After the name: "X (Y) is a …", "X, also called Y, means …", "X: a …"
SAYS = re.compile(r"^\s*(?:\([^)]*\)\s*)?(?:,[^,]*,\s*)?(?:is|are|means?|refers? to|stands? for|describes?|:)\s")


def asked_definition(question: str) -> str | None:
    """What a question asks to be defined ("what is a pied de cuve?"); None if it asks something else."""
    match = ASKS.match(question.strip())
    if not match:
        return None
    what = re.sub(rf"^{ARTICLE}", "", match["what"] or match["meant"], flags=re.IGNORECASE).strip()
    return what if 0 < len(analyze(what)) <= MOST_WORDS else None


def defines(sentence: str, what: str) -> bool:
    """Whether a sentence says what something is: begins with its name, in any form, and goes on with "is" or alike."""
    wanted = [token.term for token in analyze(what)]
    tokens = analyze(sentence)
    begun = [token.term for token in tokens[: len(wanted)]]
    if begun != wanted or len(analyze(sentence[: tokens[0].start])) > 0:
        return False
    before = sentence[: tokens[0].start].strip(" \"'“”*_").lower()
    return before in {"", "a", "an", "the"} and bool(
        SAYS.match(sentence[tokens[len(wanted) - 1].end :].lstrip("\"'”*_"))
    )
