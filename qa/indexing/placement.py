"""From the plain text, in which citations and sentences are found, back to their places in the stored text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from qa.models import Citation, Inheritance, ListedEntry, Reference, Sentence, Source, Support
from qa.readers.plain import Plain


def in_file(plain: Plain, citation: Citation) -> Citation:
    span = plain.to_file(citation.start, citation.end)
    return replace(citation, start=span.start, end=span.end, text=plain.file.text[slice(*span)])


def entry_in_file(plain: Plain, work: Reference) -> Reference:
    """The work with its place in the file; `raw` stays as it is read there, without markup."""
    if work.start is None or work.end is None or work.start >= work.end:
        return work
    span = plain.to_file(work.start, work.end)
    return replace(work, start=span.start, end=span.end)


def listed_entries(plain: Plain, works: Iterable[Reference]) -> list[ListedEntry]:
    """The places of the works in the document's own list, in order."""
    placed = (entry_in_file(plain, work) for work in works)
    found = [
        ListedEntry(each.id, each.start, each.end)
        for each in placed
        if each.start is not None and each.end is not None and each.start < each.end
    ]
    return sorted(found, key=lambda entry: entry.start)


def sentence_in_file(plain: Plain, sentence: Sentence, support: Support) -> Sentence:
    """The sentence with its support, and with the signs of emphasis around it, but without bullets and signs of
    quotation."""
    span = plain.around(sentence.start, sentence.end)
    return Sentence(
        sentence.id,
        *span,
        sentence.kind,
        sentence.section,
        sentence.block,
        sentence.conditions,
        support_in_file(plain, support),
    )


def support_in_file(plain: Plain, support: Support) -> Support:
    if plain.reading is plain.file or not (support.inherited or support.named_sources):
        return support
    return replace(
        support,
        inherited=tuple(inheritance_in_file(plain, inherited) for inherited in support.inherited),
        named_sources=tuple(source_in_file(plain, source) for source in support.named_sources),
    )


def inheritance_in_file(plain: Plain, inherited: Inheritance) -> Inheritance:
    span = plain.to_file(inherited.cue_start, inherited.cue_end)
    return replace(inherited, cue=plain.file.text[slice(*span)], cue_start=span.start, cue_end=span.end)


def source_in_file(plain: Plain, source: Source) -> Source:
    span = plain.to_file(source.start, source.end)
    return replace(source, start=span.start, end=span.end, text=plain.file.text[slice(*span)])
