"""The weights of evidence besides words, in scores and in coverage."""

from __future__ import annotations

MOST_RESULTS = 20  # candidates kept, best first; no more are ever shown
MOST_CANDIDATES = 100  # from the first stage; 100 gave the same final top tens as no limit

# Gain for the condition asked about, by the passage's nearest tag, in the units of the ranking score (a word in one of
# seven passages is worth about 1.2). Enough to put exact tags before general ones when the words are equal, too little
# to bury the one general passage that answers the question.
CONDITION_GAIN = {"exact": 2.0, "descendant": 0.3, "ancestor": 0.0}
# Gain for each aspect shown by its best sentence, by the kind of aspect.
ASPECT_GAIN = {"general": 0.2, "soft": 1.0, "specific": 2.0}

# Gain for full coverage. Ranking weighs words by their rarity in the corpus, coverage by their rarity in the language
# too: a passage with every word but the corpus's rarest should not rank below one that has only that word.
COVERAGE_GAIN = 2.0

GENERIC_SHARE = 0.5  # factor of a generic word in ranking
CONTEXT_SHARE = 0.3  # factor of a word of the message outside the question
SUBSTITUTE_GAIN = 0.5  # factor of a word found only as a substitute, in ranking …
SUBSTITUTE_SHARE = 0.7  # … and in coverage

# Weights in coverage (a word weighs up to 8; one found in a hundredth of the passages, 4.6).
CONDITION_WEIGHT = 4.0
RELATION_SHARE = {"exact": 1.0, "descendant": 1.0, "ancestor": 0.7}
ASPECT_WEIGHT = {"general": 1.5, "soft": 3.0, "specific": 4.0}
INTERVENTION_WEIGHT = 4.0
# A work that the question names, whichever words name it: as much as a rare word.
WORK_WEIGHT = 6.0

LACKING_SHARE = 0.5  # factor of a missing word when both the condition and the aspect asked about are found
