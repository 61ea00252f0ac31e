"""What showing a passage, a document in a list or a work needs, worked out when publishing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from qa.models import (
    Block,
    Citation,
    Document,
    DocumentOverview,
    DocumentView,
    Passage,
    Quotation,
    Sentence,
    Span,
    SupportCounts,
)
from qa.models.addresses import document_url
from qa.models.appearance import clip, moved, plain_words


def quotations(document: Document) -> Iterator[Quotation]:
    """The passages of a document, each with what showing it needs."""
    sentences = {sentence.id: sentence for sentence in document.sentences}
    ids = [None, *(passage.id for passage in document.passages), None]
    for place, passage in enumerate(document.passages):
        carried = (each.antecedent for sentence in passage.sentences for each in sentence.support.inherited)
        yield Quotation(
            passage,
            tuple(citations_within(passage, document.citations)),
            {id: (verbatim(document, sentences[id]), plain_sentence(document, sentences[id])) for id in carried},
            tuple(blocks_within(document, Span(passage.start, passage.end))),
            before=ids[place],
            after=ids[place + 2],
        )


def verbatim(document: Document, sentence: Sentence) -> str:
    return document.text[sentence.start : sentence.end]


def plain_sentence(document: Document, sentence: Sentence) -> str:
    """The text of a sentence without markup."""
    return plain_words(document.text, (document.blocks[sentence.block],), sentence.start, sentence.end)


def blocks_within(document: Document, span: Span) -> Iterator[Block]:
    """The blocks of a stretch of a document, or the parts of them in it, with offsets from its start."""
    first = max(0, bisect_right(document.blocks, span.start, key=lambda block: block.start) - 1)
    for block in document.blocks[first:]:
        if block.start >= span.end:
            return
        if part := clip(document.text, block, span):
            yield moved(part, -span.start)


def citations_within(passage: Passage, citations: tuple[Citation, ...]) -> Iterator[Citation]:
    """The citations within a passage, of those of its document in order."""
    for citation in citations[bisect_left(citations, passage.start, key=lambda citation: citation.start) :]:
        if citation.start >= passage.end:
            return
        if citation.end <= passage.end:
            yield citation


def overview_of(document: Document) -> DocumentOverview:
    """A document as shown in lists."""
    return DocumentOverview(
        document=show_document(document),
        passages=len(document.passages),
        support=count_support([document]),
        references=len(document.references),
        conditions=tuple(dict.fromkeys(tag.id for passage in document.passages for tag in passage.conditions)),
        format=PurePath(document.file).suffix.lower().removeprefix("."),
        extracted=document.extracted,
        trouble=len(document.trouble),
    )


def show_document(document: Document) -> DocumentView:
    about = document.provenance
    return DocumentView(
        id=document.id,
        title=about.title,
        digest=document.digest,
        owner=about.owner,
        date=about.date,
        language=about.language,
        licence=about.licence,
        origin=about.origin,
        date_from=about.date_from,
        retraction=about.retraction,
        kind=about.kind,
        url=document_url(document.id),
        author=about.author,
    )


def count_support(documents: Iterable[Document]) -> SupportCounts:
    """Count claims by support status. Other kinds of sentence, such as lead-ins, need no support."""
    counted = Counter(s.support.status for d in documents for s in d.sentences if s.kind == "claim")
    return SupportCounts(counted["cited"], counted["inherited"], counted["named_source"], counted["uncited"])
