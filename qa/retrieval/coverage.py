"""Coverage: how much of a question a passage covers, and which of its words it lacks.

Coverage is the share of the question's weight that the passage contains; rarer words weigh more. The exact form of a
word counts more than another form, and pairs and title words count as in ranking: on other medical questions this
refuses .75 where mere presence refused .72, on those of another page .922 against .895 (docs/benchmarks.md).

In a small corpus, document frequency does not show how rare a word is: the words of its subject are in every passage.
Its counts are therefore added to those of a background corpus: 75,778 passages of 1,998 open-access trial articles,
none of which is in a test set.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.retrieval.ranking import PAIR_GAIN, TITLE_GAIN
from qa.text.analysis import PassageTerms, Statistics, Token
from qa.text.background import Background, is_subject

# On pages of ten passages (600 questions each of covidqa and evidence-inference): share of the page's own questions
# kept / of another page's refused / of off-topic ones refused, by threshold: .25: .97 .99 / .70 .94 / .95 .98;
# .30: .97 .98 / .77 .98 / .97 .98; .35: .97 .97 / .82 .99 / .99 .99; .45: .94 .94 / .88 1.0 / .99 1.0.
# Set low because lay wording covers less of the passage that answers it than the wording of these sets: coverage
# between the two thresholds gives a partial answer that names the missing words.
REFUSE_BELOW = 0.38
PARTIAL_BELOW = 0.7

# Factor for a missing generic word when the question has other words. 0 lost .007 AUROC on covidqa's pages against
# 0.3 and made no difference on evidence-inference; nor does any value between 0.1 and 0.3.
DISCOUNT = 0.2
# Maximum weight of a word: otherwise a name unknown to both corpus and background would outweigh three ordinary words
# (12 against 4 to 5). 6 to 8 kept most of a page's own questions at the same refusal rate.
HEAVIEST = 8.0
OTHER_FORM = 0.7  # what a word counts for when the passage has it in another form only
PRESENT_FROM = 0.5  # a word that counts for less is reported as missing: the passage has only a loosely related one
# Maximum weight of a term in half of the passages. 4 instead of 1 refused .895 instead of .835 of another page's
# questions.
SUBJECT = 4.0


NOTHING: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of a question that a passage covers (0 to 1) and the words of the question that it lacks.

    `plain` is the share without the bonus for pairs and title words.
    """

    share: float
    missing: tuple[Token, ...]
    plain: float


def cover(
    question: Sequence[Token],
    passage: PassageTerms,
    statistics: Statistics,
    background: Background,
    *,
    discounted: Collection[str] = (),
    partial: Mapping[str, float] = NOTHING,
    extra: Sequence[tuple[float, float]] = (),
    missing_factor: float = 1.0,
) -> Coverage:
    """The coverage of a question by a passage. `question` holds its content words in order.

    `discounted` are generic words: a missing one weighs little and is not reported, unless the question has no others.
    `partial` maps terms that the passage has in other words to the share they count for. `extra` lists what is asked
    for besides words, as pairs of weight and share found. `missing_factor` scales the weight of missing words.

    A question with neither words nor `extra` has coverage 1. A term found in half of all passages is the subject of the
    documents and distinguishes nothing, so its weight is capped at SUBJECT.
    """
    asked = first_of_each(question)
    own = {token.term for token in question if token.form in passage.forms}
    shares = {
        term: 1.0 if term in own else OTHER_FORM if term in passage.counts else partial.get(term, 0.0) for term in asked
    }
    light = frozenset(discounted) if extra or any(term not in discounted for term in asked) else frozenset()
    weights = {term: term_weight(term, statistics, background) for term in asked}
    found = sum(weights[term] * share for term, share in shares.items()) + sum(w * share for w, share in extra)
    lacking = sum(
        weights[term] * (1 - share) * (DISCOUNT if term in light else missing_factor) for term, share in shares.items()
    )
    lacking += sum(weight * (1 - share) for weight, share in extra)
    pairs = sum((weights[a] + weights[b]) / 2 for a, b in pairwise(asked) if f" {a} {b} " in passage.order)
    titled = sum(weights[term] for term in asked if term in passage.title)
    missing = tuple(asked[term] for term, share in shares.items() if share < PRESENT_FROM and term not in light)
    if not found + lacking:
        return Coverage(1.0, missing, 1.0)
    share, bonus = found / (found + lacking), (PAIR_GAIN * pairs + TITLE_GAIN * titled) / (found + lacking)
    return Coverage(share + (1 - share) * min(1.0, bonus), missing, share)


def term_weight(term: str, statistics: Statistics, background: Background) -> float:
    """The weight of a term: its idf over corpus and background, capped at HEAVIEST, or SUBJECT for a subject term."""
    subject = is_subject(statistics.frequency(term), statistics.passages)
    return min(SUBJECT if subject else HEAVIEST, background.weight(term, statistics))


def first_of_each(tokens: Sequence[Token]) -> dict[str, Token]:
    """The distinct terms, in order, each with the first token that has it."""
    found: dict[str, Token] = {}
    for token in tokens:
        found.setdefault(token.term, token)
    return found
