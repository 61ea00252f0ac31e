"""The weights of evidence beside words, in scores and in coverage."""

from __future__ import annotations

MOST_RESULTS = 20  # of the candidates, best first: more are never shown
MOST_CANDIDATES = 100  # of the first stage: with 100, all final first tens were the same as without a limit

# What a passage gains for the condition asked about, by the nearest of its tags, in the units of the second stage
# (a word that one passage of seven has is worth about 1.2): enough to put exact tags before general ones when the
# words are level, too little to bury the one general passage that speaks to the question.
CONDITION_GAIN = {"exact": 2.0, "descendant": 0.3, "ancestor": 0.0}
# What it gains for each aspect that one of its sentences shows, by the aspect's kind.
ASPECT_GAIN = {"general": 0.2, "soft": 1.0, "specific": 2.0}

# What it gains for speaking to all of the question. Words are weighed by the page in ranking, by the language at large
# in coverage: a passage that has every word but the page's rarest one should not stand behind one that has just that.
COVERAGE_GAIN = 2.0

GENERIC_SHARE = 0.5  # what a word of asking counts for beside the others in ranking
CONTEXT_SHARE = 0.3  # what a word of the message outside the question counts for
SUBSTITUTE_GAIN = 0.5  # what a word counts for that is found in another one of its group, in ranking …
SUBSTITUTE_SHARE = 0.7  # … and in coverage

# What a condition and an aspect weigh beside words in coverage (a word weighs up to 8, one in a hundred passages 4.6).
CONDITION_WEIGHT = 4.0
RELATION_SHARE = {"exact": 1.0, "descendant": 1.0, "ancestor": 0.7}
ASPECT_WEIGHT = {"general": 1.5, "soft": 3.0, "specific": 4.0}
INTERVENTION_WEIGHT = 4.0
THING_SHARE = 0.65  # of what names a thing, by weight, must stand beside a number of it

LACKING_SHARE = 0.5  # what a lacking word weighs where both the condition and the aspect asked about are found
