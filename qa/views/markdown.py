"""Quotations and works as Markdown: to be pasted into notes, a wiki or a message, with their links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from qa.messages import say
from qa.models import CSL, Answer, Hit, HitSentence
from qa.text.markdown import escaped, link_to_work
from qa.views.headings import below
from qa.views.quotations import sentences_to_export, supporting
from qa.views.works import label_of_work

LinkOf = Callable[[str, str], str]  # the address of a sentence, by the ids of its document and its own


def answer_as_markdown(answer: Answer, link_of: LinkOf) -> str:
    """The quotations of an answer: those sentences that answer, or all of a passage without one. Each has the verdicts
    on it, its source and its place, so that a disputed finding is never quoted without that."""
    titles = {document.id: document.title for document in answer.documents}
    works = {work["id"]: work for work in answer.references}
    return "\n".join(
        line
        for hit in answer.answers
        for sentence in sentences_to_export(hit)
        for line in quotation(hit, sentence, works, (titles[hit.document], link_of(hit.document, sentence.id)))
    )


def quotation(hit: Hit, sentence: HitSentence, works: Mapping[str, CSL], place: tuple[str, str]) -> Iterator[str]:
    """The lines of a sentence; `place` is the title of its document and its address."""
    title, address = place
    for verdict in sentence.verdicts:
        yield f"**{escaped(verdict.word)}.** {escaped(verdict.line)}\n"
    yield f"> {escaped(sentence.plain or sentence.text)}\n"
    path = " › ".join((title, *below(hit.heading_path, title)))
    yield f"— {'; '.join(sources(sentence, works))}. [{escaped(path)}]({address})\n"


def sources(sentence: HitSentence, works: Mapping[str, CSL]) -> Iterator[str]:
    support = sentence.support
    for id in supporting(support):
        carried = "" if id in support.references else f" ({say('document.carried')})"
        yield link_to_work(works[id], label_of_work(works[id])) + carried
    yield from (escaped(source.text) for source in support.named_sources)
    if support.status == "uncited":
        yield say("support.uncited").rstrip(".")
