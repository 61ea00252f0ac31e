"""Every tuned number of retrieval and of the decision to answer, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts. Three units are used: *score* (ranking; a word found in one of seven
    passages is worth about 1.2), *weight* (coverage; a word found in a hundredth of the passages weighs 4.6) and
    *share* (0 to 1). docs/benchmarks.md has the measurements.
    """

    part: float = 0.5
    """Factor of what counts in part. In ranking: a generic word, one of the message outside the question, one found
    only as a substitute; of a word's idf for its exact form, besides its stem (+.009 to +.019 nDCG on three public sets
    of four), and for two words adjacent in question and passage (+.004 to +.020); a soft aspect. In coverage: a missing
    generic word, one found in another form only. Of answering sentences: a word that is in the title or a heading (it
    distinguishes less between sentences), one found only in the preceding sentence (what "it" and "they" refer to), two
    words adjacent in both question and sentence. A number for each brought nothing (docs/questions.md).
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
    title_gain: float = 0.2
    """Factor of the idf of a word of the document's title: +.098 nDCG on medquad together with exact forms."""

    # --- other evidence, in ranking: found on the question sets for tuning

    evidence_gain: float = 2.0
    """Score for a passage tagged with a condition asked about, not a broader or narrower one; for one that says what
    something is, when that is asked (and for its sentence); for each specific aspect asked about that its best
    sentence shows; and for full coverage. Enough to put it before others when the words are equal, too little to bury
    the one general passage that answers."""

    # --- coverage

    named: float = 4.0
    """Weight of each condition, aspect, treatment or work that a question names, whichever words name it, and the most
    that a term in half of the passages weighs. 4 instead of 1 refused .895 instead of .835 of another page's
    questions."""

    # --- answering sentences, as shares of the question's weight: measured within the gold passage
    # (benchmarks/retrieval.py). Weighted overlap alone finds a gold sentence for .75 of the questions of both sets,
    # with the cues .79 (evidence-inference) and .77 (covidqa). Position within the passage, sentence length and the
    # following sentence were tried without any gain.

    result_gain: float = 0.06
    """For a sign of a result, when an effect is asked for; 0.1 is worse on evidence-inference."""
    sentence_closeness: float = 0.4
    """Factor of a sentence's cosine with the question. 0: a gold sentence for .72 of the questions on pages of other
    fields; 0.4: .76; 2: .78, but .86 instead of .93 on the first document, where 0 has .96."""
    as_well: float = 0.7
    """Share of the score of a sentence that is contradicted by a reviewer's note or by retractions from which another,
    of the same passage or of one of the next, answers as well."""
    close: float = 0.95
    """A second sentence is also marked when its score reaches this share of the best one."""

    def aspect_gain(self, kind: str) -> float:
        """Score for an aspect that a sentence shows: half for a soft one, none for a general one, which almost any
        finding shows."""
        return self.evidence_gain * {"general": 0.0, "soft": self.part, "specific": 1.0}[kind]


WEIGHTS = Weights()
