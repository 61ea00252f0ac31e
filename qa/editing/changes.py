"""Changes between two versions of a corpus: passages added, edited, moved or removed, and changed support."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from typing import Literal

from qa.models import Document, Passage, Support

# Below this similarity a passage counts as replaced, not edited; two paragraphs on one subject reach about .4.
MIN_SIMILARITY = 0.6
# Maximum number of passages that one is compared with: those that share its rarest words.
MAX_COMPARED = 20

ChangeKind = Literal["added", "removed", "edited", "moved", "support"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change, with the text before and after (None if there is none)."""

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
    """Return the changes from `old` to `new`, in the order of the new documents, with removed documents last."""
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
    """Yield the changed passages of a document.

    A passage keeps its id as long as its text and headings are unchanged. Among the others, the same text under other
    headings counts as moved, similar text as edited.
    """
    before = {p.id: p for p in old.passages} if old else {}
    after = {p.id: p for p in new.passages} if new else {}
    removed = RemovedPassages(passage for id, passage in before.items() if id not in after)
    for passage in (passage for id, passage in after.items() if id not in before):
        origin = removed.with_same_text(passage)
        kind: ChangeKind = "moved" if origin else "edited"
        origin = origin or removed.most_similar(passage)
        if origin:
            removed.remove(origin)
            yield Change(kind, id, place_and_text(origin), place_and_text(passage))
        else:
            yield Change("added", id, None, place_and_text(passage))
    yield from (Change("removed", id, place_and_text(passage), None) for passage in removed.passages.values())


class RemovedPassages:
    """Passages that only the old version has, indexed by text and by word, so that each new passage is compared with a
    few of them instead of all."""

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

    def with_same_text(self, passage: Passage) -> Passage | None:
        return next((self.passages[id] for id in self.by_text.get(passage.text, ())), None)

    def most_similar(self, passage: Passage) -> Passage | None:
        """Return the passage this one was most probably edited from; on a tie, the first."""
        words = passage.text.split()
        counted = Counter(words)
        bounds = {id: similarity_bound(counted, Counter(self.words[id])) for id in self.candidates(counted)}
        best, found = MIN_SIMILARITY, None
        for id in sorted(bounds, key=lambda id: (-bounds[id], self.places[id])):
            if bounds[id] < best:
                break
            ratio = SequenceMatcher(None, self.words[id], words, autojunk=False).ratio()
            if ratio > best or (ratio == best and (found is None or self.places[id] < self.places[found])):
                best, found = ratio, id
        return self.passages[found] if found else None

    def candidates(self, words: Iterable[str]) -> Collection[str]:
        """Return the ids of up to MAX_COMPARED passages that share words with this one, rarest words first."""
        ids: dict[str, None] = {}
        for word in sorted((word for word in words if word in self.by_word), key=lambda word: len(self.by_word[word])):
            ids |= dict.fromkeys(islice((id for id in self.by_word[word] if id not in ids), MAX_COMPARED - len(ids)))
        return ids


def similarity_bound(one: Counter[str], other: Counter[str]) -> float:
    """Return an upper bound of the similarity of two texts, from their word counts alone."""
    return 2 * (one & other).total() / (one.total() + other.total())


def place_and_text(passage: Passage) -> str:
    return " > ".join((*passage.path, passage.text))


def compare_support(old: Document | None, new: Document | None) -> Iterator[Change]:
    """Yield the unchanged sentences whose support has changed."""
    if old and new:
        before = {sentence.id: sentence.support for sentence in old.sentences}
        for sentence in new.sentences:
            known = before.get(sentence.id)
            if known is not None and summary(known) != summary(sentence.support):
                words = new.text[sentence.start : sentence.end]
                yield Change("support", new.id, f"{summary(known)}: {words}", f"{summary(sentence.support)}: {words}")


def summary(support: Support) -> str:
    """Return status and works of a support: equal for equal support, wherever the citations are."""
    works = [*support.references, *(i.reference for i in support.inherited), *(s.text for s in support.named_sources)]
    return " ".join((support.status, *sorted(works)))
