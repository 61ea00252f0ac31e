"""Which conditions a text names, and which of them a sentence takes over from the headings above it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import Literal, NamedTuple

from qa.conditions.abbreviations import find_definitions
from qa.conditions.names import NameTree
from qa.conditions.words import NameTokens
from qa.models import Condition, ConditionTag, Section

Relation = Literal["exact", "descendant", "ancestor"]


class Mention(NamedTuple):
    """A condition named in a text, at `text[start:end]`. Of a name that shares a word ("alcohol and cocaine use
    disorders") it is the part of its own."""

    id: str
    start: int
    end: int


class Vocabulary:
    """The conditions and their names. Made once; `learn` gives one that also knows a text's own abbreviations."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self.conditions: Mapping[str, Condition] = {condition.id: condition for condition in conditions}
        self._names = NameTree()
        self._below: dict[str, set[str]] = {}
        self._defined: dict[str, tuple[str, ...]] = {}
        for condition in self.conditions.values():
            self._names.add(condition.id, (condition.label, *condition.names))
            self._names.add_asked(condition.id, condition.asked_as)
            for cued in condition.asked_as_with_cue:
                self._names.add_cued(condition.id, cued)
            for abbreviation in condition.abbreviations:
                self._names.add_abbreviation(condition.id, abbreviation)
            for ancestor in self.ancestors(condition.id):
                self._below.setdefault(ancestor, set()).add(condition.id)

    def label(self, id: str) -> str:
        return self.conditions[id].label

    def ancestors(self, id: str) -> tuple[str, ...]:
        """The conditions above, nearest first."""
        found: list[str] = []
        parent = self.conditions[id].parent
        while parent is not None and parent in self.conditions and parent not in (id, *found):
            found.append(parent)
            parent = self.conditions[parent].parent
        return tuple(found)

    def descendants(self, id: str) -> frozenset[str]:
        """The conditions below, at any depth."""
        return frozenset(self._below.get(id, ()))

    def bears_on(self, tag_ids: Collection[str], asked_id: str) -> Relation | None:
        """How something with these tags stands to the condition asked about; the closest tag decides."""
        if asked_id in tag_ids:
            return "exact"
        if not self.descendants(asked_id).isdisjoint(tag_ids):
            return "descendant"
        return "ancestor" if not set(self.ancestors(asked_id)).isdisjoint(tag_ids) else None

    def learn(self, text: str) -> Vocabulary:
        """This vocabulary with the abbreviations that a text defines itself; they win over its own. One that the text
        defines as two things, or as something that is no condition, stands for none."""
        defined = dict(self._defined)
        for short, long, acronym in find_definitions(text):
            ids = self._stands_for(long)
            if ids or (acronym and self._stands_for(short)) or short in defined:
                defined[short] = ids if defined.get(short, ids) == ids else ()
        learned = copy(self)
        learned._defined = defined
        return learned

    def _stands_for(self, long: str) -> tuple[str, ...]:
        """The conditions that the whole of a long form names."""
        tokens = NameTokens(long)
        match = self._names.longest(tokens, 0, False, {}) if tokens else None
        return match.ids if match and match.stop == len(tokens) else ()

    def find(self, text: str, *, asking: bool = False) -> list[Mention]:
        """The conditions that a text names, in order. `asking`: the text is a question, so everyday words count."""
        return self._find(NameTokens(text), asking=asking)

    def _find(self, tokens: NameTokens, *, asking: bool) -> list[Mention]:
        found = {
            (id, match.first): Mention(id, tokens[match.first].start, tokens[match.stop - 1].end)
            for match in self._names.find(tokens, asking, self._defined)
            for id in match.ids
        }
        return sorted(found.values(), key=lambda mention: (mention.start, mention.end))

    def tag(self, text: str, section: Section) -> tuple[ConditionTag, ...]:
        """The conditions of a sentence: those that it names, then those that its heading adds.

        A heading adds nothing to a sentence that names a condition other than the heading's own or one below. To one
        that names some of several conditions of the heading, it adds only what these belong to.
        """
        own = tuple(dict.fromkeys(m.id for m in self._find(NameTokens(text, remember=True), asking=False)))
        tags = tuple(ConditionTag(id, "sentence") for id in own)
        above = {tag.id for tag in section.conditions}
        lineages = [{id, *self.ancestors(id)} for id in own]
        if any(lineage.isdisjoint(above) for lineage in lineages):
            return tags
        return tags + tuple(
            tag
            for tag in section.conditions
            if tag.id not in own and (not own or any(tag.id in lineage for lineage in lineages))
        )
