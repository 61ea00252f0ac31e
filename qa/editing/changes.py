"""What changed between two states of a corpus: passages added, edited, moved, removed; attachments that changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from typing import Literal

from qa.models import Document, Passage, Support

# Below this likeness a passage was replaced rather than edited; two paragraphs on one subject reach about .4.
EDITED = 0.6
# The most passages that one is compared with: those that share its rarest words.
MOST_COMPARED = 20

ChangeKind = Literal["added", "removed", "edited", "moved", "attachment"]


@dataclass(frozen=True, slots=True)
class Change:
    """A difference, with the words before and after (None where there are none)."""

    kind: ChangeKind
    document: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        lines = [f"{self.kind}: {self.document}"]
        lines += [f"  - {self.before}"] if self.before else []
        lines += [f"  + {self.after}"] if self.after else []
        return "\n".join(lines)


def compare(old: Sequence[Document], new: Sequence[Document]) -> list[Change]:
    """The changes from old to new, document by document in the order of the new one, removed documents last."""
    before, after = ({document.id: document for document in documents} for documents in (old, new))
    return [
        change
        for id in dict.fromkeys((*after, *before))
        for change in (
            *compare_passages(id, before.get(id), after.get(id)),
            *compare_support(before.get(id), after.get(id)),
        )
    ]


def compare_passages(id: str, old: Document | None, new: Document | None) -> Iterator[Change]:
    """A passage keeps its id while its words and headings stay. Of the rest, the same words elsewhere have moved,
    much the same words have been edited."""
    before = {p.id: p for p in old.passages} if old else {}
    after = {p.id: p for p in new.passages} if new else {}
    gone = Gone(passage for id, passage in before.items() if id not in after)
    for passage in (passage for id, passage in after.items() if id not in before):
        origin = gone.same_words(passage)
        kind: ChangeKind = "moved" if origin else "edited"
        origin = origin or gone.likest(passage)
        if origin:
            gone.remove(origin)
            yield Change(kind, id, place_and_words(origin), place_and_words(passage))
        else:
            yield Change("added", id, None, place_and_words(passage))
    yield from (Change("removed", id, place_and_words(passage), None) for passage in gone.passages.values())


class Gone:
    """Passages of the old state that the new one does not have, by their text and by their words, so that each new
    passage is compared with a few of them and never with all."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = {passage.id: passage for passage in passages}
        self.words = {id: passage.text.split() for id, passage in self.passages.items()}
        self.places = {id: place for place, id in enumerate(self.passages)}
        self.by_text: dict[str, dict[str, None]] = defaultdict(dict)
        self.by_word: dict[str, dict[str, None]] = defaultdict(dict)
        for id, passage in self.passages.items():
            self.by_text[passage.text][id] = None
            for word in self.words[id]:
                self.by_word[word][id] = None

    def remove(self, passage: Passage) -> None:
        del self.passages[passage.id]
        del self.by_text[passage.text][passage.id]
        for word in set(self.words[passage.id]):
            del self.by_word[word][passage.id]

    def same_words(self, passage: Passage) -> Passage | None:
        return next((self.passages[id] for id in self.by_text.get(passage.text, ())), None)

    def likest(self, passage: Passage) -> Passage | None:
        """The passage that this one was most probably made from, the first of equals."""
        words = passage.text.split()
        counted = Counter(words)
        bounds = {id: most_alike(counted, Counter(self.words[id])) for id in self.sharing(counted)}
        best, found = EDITED, None
        for id in sorted(bounds, key=lambda id: (-bounds[id], self.places[id])):
            if bounds[id] < best:
                break
            ratio = SequenceMatcher(None, self.words[id], words, autojunk=False).ratio()
            if ratio > best or (ratio == best and (found is None or self.places[id] < self.places[found])):
                best, found = ratio, id
        return self.passages[found] if found else None

    def sharing(self, words: Iterable[str]) -> Collection[str]:
        """Ids of the passages that share words with this one, found by its rarest words first."""
        ids: dict[str, None] = {}
        for word in sorted((word for word in words if word in self.by_word), key=lambda word: len(self.by_word[word])):
            ids |= dict.fromkeys(islice((id for id in self.by_word[word] if id not in ids), MOST_COMPARED - len(ids)))
        return ids


def most_alike(one: Counter[str], other: Counter[str]) -> float:
    """What the likeness of two texts is at most, whatever the order of their words."""
    return 2 * (one & other).total() / (one.total() + other.total())


def place_and_words(passage: Passage) -> str:
    return " > ".join((*passage.path, passage.text))


def compare_support(old: Document | None, new: Document | None) -> Iterator[Change]:
    """Sentences that stand unchanged and are supported otherwise than before."""
    if old and new:
        before = {sentence.id: sentence.support for sentence in old.sentences}
        for sentence in new.sentences:
            known = before.get(sentence.id)
            if known is not None and in_short(known) != in_short(sentence.support):
                words = new.text[sentence.start : sentence.end]
                yield Change(
                    "attachment", new.id, f"{in_short(known)}: {words}", f"{in_short(sentence.support)}: {words}"
                )


def in_short(support: Support) -> str:
    """What counts as the same support: status and works, wherever the marks stand."""
    works = [*support.references, *(i.reference for i in support.inherited), *(s.text for s in support.named_sources)]
    return " ".join((support.status, *sorted(works)))
