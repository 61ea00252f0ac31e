"""Every tuned number of retrieval and of the decision to answer, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts. Three units are used: *score* (ranking; a word found in one of seven
    passages is worth about 1.2), *weight* (coverage; a word weighs up to `heaviest`, one found in a hundredth of the
    passages 4.6) and *share* (0 to 1). docs/benchmarks.md has the measurements.
    """

    # --- candidates

    most_candidates: int = 100
    """Passages that share words with the question. 100 gave the same final top tens as no limit."""
    most_near: int = 50
    """Passages closest in meaning to the question, whatever their words."""
    most_results: int = 20
    """Candidates whose coverage is computed, best first. No more are ever shown."""

    # --- words, in ranking: measured on the development halves of evidence-inference, scifact, covidqa and cranfield

    saturation: float = 0.9
    """BM25's k1. Short passages need little saturation; the same as in the index in memory."""
    length_penalty: float = 0.4
    """BM25's b, likewise."""
    exact_gain: float = 0.4
    """Factor of a word's idf for its exact form, besides its stem: +.009 to +.019 nDCG on three sets of four."""
    pair_gain: float = 0.4
    """Factor for two words adjacent in question and passage: +.004 to +.020 nDCG. 0.2 is safer where passages are
    single snippets (0.4 lost .012 on bioasq snippets). Also a bonus in coverage."""
    title_gain: float = 0.2
    """Factor for a word of the document's title: +.098 nDCG on medquad together with `exact_gain`, no loss elsewhere.
    Also a bonus in coverage."""
    generic_share: float = 0.5
    """Factor of a generic word."""
    context_share: float = 0.3
    """Factor of a word of the message outside the question."""

    # --- other evidence, in ranking: found on the question sets for tuning

    condition_gain: Mapping[str, float] = field(
        default_factory=lambda: {"exact": 2.0, "descendant": 0.3, "ancestor": 0.0}
    )
    """Score for the condition asked about, by the relation of the passage's nearest tag. Enough to put exact tags
    before general ones when the words are equal, too little to bury the one general passage that answers the
    question."""
    aspect_gain: Mapping[str, float] = field(default_factory=lambda: {"general": 0.2, "soft": 1.0, "specific": 2.0})
    """Score for each aspect shown by the passage's best sentence, by the kind of aspect."""
    substitute_gain: float = 0.5
    """Factor of the idf of a word found only as a substitute."""
    definition_gain: float = 2.0
    """Score for a passage that says what something is, when that is asked."""
    coverage_gain: float = 2.0
    """Score for full coverage. Ranking weighs words by their rarity in the corpus, coverage by their rarity in the
    language too: a passage with every word but the corpus's rarest should not rank below one that has only that
    word."""

    # --- coverage

    heaviest: float = 8.0
    """Maximum weight of a word. Otherwise a name unknown to both corpus and background would outweigh three ordinary
    words (12 against 4 to 5). 6 to 8 kept most of a page's own questions at the same refusal rate."""
    subject: float = 4.0
    """Maximum weight of a term in half of the passages. 4 instead of 1 refused .895 instead of .835 of another page's
    questions."""
    other_form: float = 0.7
    """Share of a word that the passage has in another form only."""
    generic_missing: float = 0.2
    """Factor of a missing generic word when the question has other words. 0 lost .007 AUROC on covidqa's pages against
    0.3 and made no difference on evidence-inference; nor does any value between 0.1 and 0.3."""
    named: float = 4.0
    """Weight of each condition, aspect, treatment or work that a question names, whichever words name it."""

    # --- answering sentences, as shares of the question's weight: measured within the gold passage
    # (benchmarks/retrieval.py). Weighted overlap alone finds a gold sentence for .75 of the questions of both sets,
    # with the cues .79 (evidence-inference) and .77 (covidqa). Position within the passage, sentence length and the
    # following sentence were tried without any gain.

    given_share: float = 0.65
    """Factor of a word that is in the title or a heading: it distinguishes less between sentences."""
    before_share: float = 0.5
    """Factor of a word found only in the preceding sentence: what "it" and "they" refer to."""
    sentence_pair: float = 0.3
    """Factor of two words adjacent in both question and sentence."""
    result_gain: float = 0.03
    """For each sign of a result, when an effect is asked for: .793 to .804 on evidence-inference; 0.1 is worse
    there."""
    most_signs: int = 3
    """Signs of a result counted."""
    sentence_closeness: float = 0.4
    """Factor of a sentence's cosine with the question. 0: a gold sentence for .72 of the questions on pages of other
    fields; 0.4: .76; 2: .78, but .86 instead of .93 on the first document, where 0 has .96."""
    definition_share: float = 0.5
    """For a sentence that says what something is, when that is asked."""
    as_well: float = 0.7
    """Share of the score of a sentence that is contradicted by a reviewer's note or by retractions from which another,
    of the same passage or of one of the next, answers as well."""
    close: float = 0.95
    """A second sentence is also marked when its score reaches this share of the best one."""

    # --- the decision

    nearly_all: float = 0.8
    """Coverage, without bonus, from which a passage answers even without a known name of the treatment or aspect."""
    many_words: int = 6
    """Words besides the aspect from which on a question asks about more than the aspect."""
    fewest_generic: int = 2
    """Generic words that a passage must contain when the question has no others."""


WEIGHTS = Weights()
