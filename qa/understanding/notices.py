"""The owner's notices that apply to a text, whether or not it is answered."""

from __future__ import annotations

from collections.abc import Sequence

from qa.conditions import Vocabulary
from qa.models import Notice
from qa.text.phrases import PhraseMatcher, words_of


class Notices:
    """The owner's notices, and what triggers them: `vocabulary` finds the conditions that do."""

    def __init__(self, notices: Sequence[Notice], vocabulary: Vocabulary) -> None:
        self.notices = notices
        self.vocabulary = vocabulary
        self.phrases = PhraseMatcher(((phrase, n) for n, notice in enumerate(notices) for phrase in notice.words), str)

    def matching(self, text: str) -> tuple[Notice, ...]:
        """The notices that are always shown or are triggered by a condition or phrase of the text, urgent ones first.

        Accepts any text, even one that is rejected as a question: someone whose message about wanting to die is too
        long must still be shown where to find help.
        """
        named = {mention.id for mention in self.vocabulary.find(text, asking=True)}
        named |= {ancestor for id in named for ancestor in self.vocabulary.ancestors(id)}
        said = {number for phrase in self.phrases.find(words_of(text)) for number in phrase.values}
        matching = [
            n for number, n in enumerate(self.notices) if n.always or number in said or named & set(n.conditions)
        ]
        return tuple(sorted(matching, key=lambda notice: not notice.urgent))
