"""What changed between two states of a corpus: passages added, edited, moved, removed; attachments that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from qa.models import Document, Passage, Support

# Below this likeness a passage was replaced rather than edited; two paragraphs on one subject reach about .4.
EDITED = 0.6

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
    gone = {p.id: p for p in old.passages} if old else {}
    come = {p.id: p for p in new.passages} if new else {}
    for same in gone.keys() & come.keys():
        del gone[same], come[same]
    for passage in come.values():
        origin = next((p for p in gone.values() if p.text == passage.text), None)
        kind: ChangeKind = "moved" if origin else "edited"
        origin = origin or likest(passage, list(gone.values()))
        if origin:
            del gone[origin.id]
            yield Change(kind, id, place_and_words(origin), place_and_words(passage))
        else:
            yield Change("added", id, None, place_and_words(passage))
    yield from (Change("removed", id, place_and_words(passage), None) for passage in gone.values())


def likest(passage: Passage, others: Sequence[Passage]) -> Passage | None:
    """The passage that this one was most probably made from."""
    words = passage.text.split()
    ratios = [SequenceMatcher(None, other.text.split(), words, autojunk=False).ratio() for other in others]
    best = max(ratios, default=0.0)
    return others[ratios.index(best)] if best >= EDITED else None


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
