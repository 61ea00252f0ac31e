"""How much of a question a passage speaks to, and which words it leaves out.

The share of the question's weight that the passage holds; a word weighs the more the rarer it is. The question's own
form of a word counts more than another, and pairs and words of the title count as in ranking: mere presence refused .72
where this refuses .75 of other medical questions, and .895 against .922 of another page's (docs/benchmarks.md).

On a small corpus rarity cannot be told from the corpus: the words of its subject are in every passage. So its counts
are added to those of a background: 75,778 passages of 1,998 open-access trial articles, none of which is in a test set.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.retrieval.ranking import PAIR_GAIN, TITLE_GAIN
from qa.text.analysis import PassageTerms, Statistics, Token
from qa.text.background import Background, is_subject

# On pages of ten passages (600 questions each of covidqa and evidence-inference), share kept of a page's own questions
# / refused of another page's / of off-topic ones, at these values: .25: .97 .99 / .70 .94 / .95 .98;
# .30: .97 .98 / .77 .98 / .97 .98; .35: .97 .97 / .82 .99 / .99 .99; .45: .94 .94 / .88 1.0 / .99 1.0.
# Low, because the words of lay people cover less of what answers them than the words of these sets do: what is
# between the two values is shown as a partial answer, with the words that it lacks.
REFUSE_BELOW = 0.38
PARTIAL_BELOW = 0.7

# What a lacking word of asking weighs beside other words. 0 lost .007 AUROC on covidqa's pages against 0.3, level on
# evidence-inference; between 0.1 and 0.3 there is nothing in it.
DISCOUNT = 0.2
# No word weighs more: a name that neither corpus nor background has would outweigh three ordinary words (12 against
# 4 to 5). 6 to 8 kept the most of a page's own questions at the same refusals.
HEAVIEST = 8.0
OTHER_FORM = 0.7  # what a word counts for that a passage has in another form
PRESENT_FROM = 0.5  # a word that counts for less is named as missing: only one more or less near it is there
# A term that half of the passages have. 4 against 1 refused .895 instead of .835 of another page's questions.
SUBJECT = 4.0


NOTHING: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of the question that a passage speaks to (0 to 1) and the words of it that it lacks. `plain` is the
    share without what pairs and the title add."""

    share: float
    missing: tuple[Token, ...]
    plain: float


def cover(
    question: Sequence[Token],
    passage: PassageTerms,
    statistics: Statistics,
    background: Background,
    *,
    given: Collection[str] = (),
    discounted: Collection[str] = (),
    partly: Mapping[str, float] = NOTHING,
    beside: Sequence[tuple[float, float]] = (),
    lack: float = 1.0,
) -> Coverage:
    """How much of the question stands in a passage. `question` are its content words in order.

    `given` are terms that name a condition which the passage bears on: they count as found, in whatever words the
    passage puts it. `discounted` are words of asking: lacking one weighs little and is not named as missing, unless
    the question has no other words. `partly` are terms that the passage has in other words, with what they then count
    for. `beside` is what the question asks for beside its words: weights, and the share of each that is found. A
    question that asks for nothing lacks nothing. A term that half of all passages have is the subject of the documents,
    which tells nothing apart: it weighs SUBJECT at the most.
    """
    asked = first_of_each(question)
    own = {token.term for token in question if token.form in passage.forms}
    shares = {
        term: 1.0 if term in own or term in given else OTHER_FORM if term in passage.counts else partly.get(term, 0.0)
        for term in asked
    }
    light = frozenset(discounted) if beside or any(term not in discounted for term in asked) else frozenset()
    weights = {term: term_weight(term, statistics, background) for term in asked}
    held = sum(weights[term] * share for term, share in shares.items()) + sum(w * share for w, share in beside)
    lost = sum(weights[term] * (1 - share) * (DISCOUNT if term in light else lack) for term, share in shares.items())
    lost += sum(weight * (1 - share) for weight, share in beside)
    together = sum((weights[a] + weights[b]) / 2 for a, b in pairwise(asked) if f" {a} {b} " in passage.order)
    named = sum(weights[term] for term in asked if term in passage.title)
    missing = tuple(asked[term] for term, share in shares.items() if share < PRESENT_FROM and term not in light)
    if not held + lost:
        return Coverage(1.0, missing, 1.0)
    share, more = held / (held + lost), (PAIR_GAIN * together + TITLE_GAIN * named) / (held + lost)
    return Coverage(share + (1 - share) * min(1.0, more), missing, share)


def term_weight(term: str, statistics: Statistics, background: Background) -> float:
    subject = is_subject(statistics.frequency(term), statistics.passages)
    return min(SUBJECT if subject else HEAVIEST, background.weight(term, statistics))


def first_of_each(tokens: Sequence[Token]) -> dict[str, Token]:
    """Every term once, in order, with the first token that has it."""
    found: dict[str, Token] = {}
    for token in tokens:
        found.setdefault(token.term, token)
    return found
