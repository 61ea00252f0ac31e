"""What supports each sentence: its own marks, a work that an earlier sentence brought in, a work only named, nothing.

A sentence without a mark takes over a source only when its words point back, by the first of these rules that fires.
What is not clear stays uncited: a wrong citation is worse than a missing one.

I1  ibid., "the same trial": the last source, of agreeing kind
I2  the name of a trial or of an author that stands for one source: that source, at any distance
I3  "the study", "the authors found": the nearest source of agreeing kind under the same top-level heading
I4  an arm of a trial ("the control group"): the one trial of the paragraph, or of the sentence before
I5  a continuation ("Key finding:", "These results"): what the sentence before stands on

A source without reference competes on equal terms; when it wins, the sentence names it and cites nothing. What a
sentence has taken over may be taken over from it once more, not twice. An article of someone's own research means
itself when it says "the study".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from qa.citations.agents import names_known_body
from qa.citations.antecedents import IN_TABLE, UNNAMED
from qa.citations.context import CarriedSource, DiscourseContext
from qa.citations.cues import SUMS_UP, UNREPORTED
from qa.citations.rules import RuleMatch, find_source
from qa.citations.sources import UNKNOWN
from qa.models import UNCITED, Citation, Inheritance, Section, Sentence, Source, Support

DocumentKind = Literal["summary", "research"]
CitationOrSource = TypeVar("CitationOrSource", Citation, Source)


def attach_support(
    text: str,
    sections: Sequence[Section],
    sentences: Sequence[Sentence],
    citations: Sequence[Citation],
    sources: Sequence[Source],
    *,
    kind: DocumentKind = "summary",
    tables: Collection[int] = (),
    lineage: Callable[[str], Collection[str]] = lambda id: (),
) -> list[Support]:
    """The support of each sentence, in their order. `sources` are those of `find_sources`; `kind` is the document's:
    a summary of others' work, or an article of its authors' own research, as which one with the sections of such an
    article is always read; `tables` are the numbers of the blocks that are tables, `lineage` gives the conditions above
    one."""
    context = DiscourseContext(text, sentences, sections, kind == "research" or reports_research(sections), lineage)
    marks, named = in_sentences(sentences, citations), in_sentences(sentences, sources)
    return [
        support_of_row(context, marks[number], named[number])
        if sentence.block in tables
        else support_of_next(context, marks[number], named[number])
        for number, sentence in enumerate(sentences)
    ]


def reports_research(sections: Sequence[Section]) -> bool:
    """Whether there are headings of methods and of results or a discussion, as articles on someone's own research
    have, or of methods and design, as its protocols have."""
    titles = " ".join(section.path[-1].lower() for section in sections if section.path)
    return "method" in titles and any(word in titles for word in ("result", "discussion", "design"))


def in_sentences(sentences: Sequence[Sentence], placed: Sequence[CitationOrSource]) -> list[list[CitationOrSource]]:
    """What begins in each sentence."""
    starts = [sentence.start for sentence in sentences]
    found: list[list[CitationOrSource]] = [[] for _ in sentences]
    for thing in placed:
        number = bisect_right(starts, thing.start) - 1
        if number >= 0 and thing.start < sentences[number].end:
            found[number].append(thing)
    return found


def support_of_row(context: DiscourseContext, marks: Sequence[Citation], sources: Sequence[Source]) -> Support:
    """The support of a row of a table: its own marks. Which of the rows "the study" below it means nobody can tell."""
    context.add((CarriedSource(replace(sources[0], kind=IN_TABLE, references=()), 0),) if sources else ())
    return supported_by(marks, ()) if marks else UNCITED


def supported_by(marks: Sequence[Citation], named: tuple[Source, ...]) -> Support:
    references = tuple(dict.fromkeys(id for mark in marks for id in mark.references))
    return Support("cited", tuple(mark.id for mark in marks), references, named_sources=named)


def support_of_next(context: DiscourseContext, marks: Sequence[Citation], sources: Sequence[Source]) -> Support:
    """The support of the sentence in question; then it is read, and the next one is."""
    if context.here.kind == "lead_in":
        context.add(())
        return UNCITED
    named = tuple(source for source in sources if not source.references and source.kind != UNKNOWN)
    if marks:
        context.add(tuple(CarriedSource(source, 0) for source in sources if not source.generic), marks)
        return supported_by(marks, named)
    found = find_source(context)
    if found and not any(source.start < found.cue.start and not source.definite for source in named):
        return taken_over(context, found, named)
    if UNREPORTED.search(context.words) or SUMS_UP.match(context.words):
        context.closed.add(len(context.carried))
    carried = tuple(CarriedSource(source, 0) for source in named if not source.generic)
    context.add(carried or told_by_known_body(context))
    return Support("named_source", named_sources=named) if named else UNCITED


def told_by_known_body(context: DiscourseContext) -> tuple[CarriedSource, ...]:
    """ "The agency found": a source, though this sentence does not say which."""
    here = context.here
    return (CarriedSource(Source("", here.start, here.end, "", UNKNOWN), 0),) if names_known_body(context.words) else ()


def taken_over(context: DiscourseContext, found: RuleMatch, named: Sequence[Source]) -> Support:
    """The support of a sentence that a rule found sources for. Those it points back to are not named anew."""
    start, end = found.cue
    cue = context.text[start:end]
    inherited = tuple(
        Inheritance(id, context.sentences[number].id, found.rule, cue, start, end, carried.steps + 1)
        for number, carried in found.taken
        for id in carried.source.references
    )
    new = tuple(source for source in named if not (source.start < end and start < source.end))
    again = tuple(h.source for _, h in found.taken if not h.source.references and h.source.kind not in UNNAMED)
    context.add(
        (
            *(CarriedSource(h.source, h.steps + 1) for _, h in found.taken),
            *(CarriedSource(s, 0) for s in new if not s.generic),
        )
    )
    if not (inherited or again or new):
        return UNCITED
    return Support("inherited" if inherited else "named_source", inherited=inherited, named_sources=again + new)
