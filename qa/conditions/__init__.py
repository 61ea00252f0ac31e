"""The condition vocabulary: find the conditions named in a text, and tag sentences by name and by heading."""

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
    """A condition named at `text[start:end]`. If names share words ("alcohol and cocaine use disorders"), the span
    covers only the words that are this name's own."""

    id: str
    start: int
    end: int


class Vocabulary:
    """Conditions and their names. Built once; `learn` returns a copy with the abbreviations that a text defines."""

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
        """The broader conditions, nearest first."""
        found: list[str] = []
        parent = self.conditions[id].parent
        while parent is not None and parent in self.conditions and parent not in (id, *found):
            found.append(parent)
            parent = self.conditions[parent].parent
        return tuple(found)

    def descendants(self, id: str) -> frozenset[str]:
        """The narrower conditions, at any depth."""
        return frozenset(self._below.get(id, ()))

    def relation_of(self, tag_ids: Collection[str], asked_id: str) -> Relation | None:
        """How these tags relate to the condition asked about; None if they do not. The closest tag decides."""
        if asked_id in tag_ids:
            return "exact"
        if not self.descendants(asked_id).isdisjoint(tag_ids):
            return "descendant"
        return "ancestor" if not set(self.ancestors(asked_id)).isdisjoint(tag_ids) else None

    def learn(self, text: str) -> Vocabulary:
        """A copy of this vocabulary with the abbreviations that a text defines, which take precedence. One defined with
        two meanings, or as something other than a condition, means no condition."""
        return self.learn_definitions(find_definitions(text)) if self.conditions else self

    def learn_definitions(self, definitions: Iterable[tuple[str, str, bool]]) -> Vocabulary:
        """The same with definitions found before: short form, long form, and whether it is an acronym."""
        defined = dict(self._defined)
        for short, long, acronym in definitions:
            ids = self._meaning_of(long)
            if ids or (acronym and self._meaning_of(short)) or short in defined:
                defined[short] = ids if defined.get(short, ids) == ids else ()
        learned = copy(self)
        learned._defined = defined
        return learned

    def defines(self, short: str) -> bool:
        """Whether a definition of this short form has been learned."""
        return short in self._defined

    def _meaning_of(self, long: str) -> tuple[str, ...]:
        """The conditions that a long form names as a whole."""
        tokens = NameTokens(long)
        match = self._names.longest(tokens, 0, False, {}) if tokens else None
        return match.ids if match and match.stop == len(tokens) else ()

    def find(self, text: str, *, asking: bool = False) -> list[Mention]:
        """The conditions named in a text, in order. `asking`: the text is a question, so everyday words count too."""
        return self._find(NameTokens(text), asking=asking)

    def _find(self, tokens: NameTokens, *, asking: bool) -> list[Mention]:
        found = {
            (id, match.first): Mention(id, tokens[match.first].start, tokens[match.stop - 1].end)
            for match in self._names.find(tokens, asking, self._defined)
            for id in match.ids
        }
        return sorted(found.values(), key=lambda mention: (mention.start, mention.end))

    def tag(self, text: str, section: Section) -> tuple[ConditionTag, ...]:
        """The conditions of a sentence: those it names, then those added by its heading.

        The heading adds nothing if the sentence names a condition that is neither the heading's nor narrower. If the
        sentence names only some of the heading's conditions, the heading adds only ancestors of those.
        """
        if not self.conditions:
            return ()
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
