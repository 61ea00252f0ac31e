"""Attach support to each sentence: its own citations, a source carried over from an earlier sentence, a named source
without a reference, or nothing.

A sentence without a citation inherits a source only if its words refer back, by the first of these rules that matches.
Ambiguous cases stay uncited: a wrong citation is worse than a missing one.

I1  ibid., "the same trial": the last source of a matching kind
I2  a trial's or author's name that identifies one source: that source, at any distance
I3  "the study", "the authors found": the nearest source of a matching kind under the same top-level heading
I4  an arm of a trial ("the control group"): the only trial of the paragraph or of the previous sentence
I5  a continuation ("Key finding:", "These results"): the sources of the previous sentence

Sources without a reference compete equally; if one wins, the sentence names it and cites nothing. An inherited source
can be inherited once more, but not twice. In an original research article, "the study" is the article itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from qa.citations.agents import names_known_body
from qa.citations.antecedents import IN_TABLE, UNNAMED, RuleMatch
from qa.citations.context import CarriedSource, DiscourseContext
from qa.citations.cues import SUMS_UP, UNREPORTED
from qa.citations.rules import find_source
from qa.citations.sources import UNKNOWN
from qa.models import UNCITED, Citation, DocumentKind, Inheritance, Section, Sentence, Source, Support

CitationOrSource = TypeVar("CitationOrSource", Citation, Source)


@dataclass(frozen=True, slots=True)
class CitingText:
    """The text of a document, divided into sections and sentences.

    `kind` is the document's: a summary of others' work or original research; a document with the sections of a research
    article is always treated as the latter. `tables` are the numbers of the blocks that are tables. `ancestors` returns
    the conditions above a condition. `surnames` are those of first authors with only one work, with its id.
    """

    text: str
    sections: Sequence[Section]
    sentences: Sequence[Sentence]
    kind: DocumentKind = "summary"
    tables: Collection[int] = ()
    ancestors: Callable[[str], Collection[str]] = lambda id: ()
    surnames: Mapping[str, str] = field(default_factory=dict)


def attach_support(citing: CitingText, citations: Sequence[Citation], sources: Sequence[Source]) -> list[Support]:
    """The support of each sentence, in the order of the sentences. `sources` come from `find_sources`."""
    sentences, sections = citing.sentences, citing.sections
    is_research = citing.kind == "research" or reports_research(sections)
    context = DiscourseContext(citing.text, sentences, sections, is_research, citing.ancestors, citing.surnames)
    marks, named = in_sentences(sentences, citations), in_sentences(sentences, sources)
    return [
        support_of_row(context, marks[number], named[number])
        if sentence.block in citing.tables
        else support_of_next(context, marks[number], named[number])
        for number, sentence in enumerate(sentences)
    ]


def reports_research(sections: Sequence[Section]) -> bool:
    """Whether the headings are those of a research article (methods with results or discussion) or of a study protocol
    (methods with design)."""
    titles = " ".join(section.path[-1].lower() for section in sections if section.path)
    return "method" in titles and any(word in titles for word in ("result", "discussion", "design"))


def in_sentences(sentences: Sequence[Sentence], placed: Sequence[CitationOrSource]) -> list[list[CitationOrSource]]:
    """For each sentence, the citations or sources that begin in it."""
    starts = [sentence.start for sentence in sentences]
    found: list[list[CitationOrSource]] = [[] for _ in sentences]
    for item in placed:
        number = bisect_right(starts, item.start) - 1
        if number >= 0 and item.start < sentences[number].end:
            found[number].append(item)
    return found


def support_of_row(context: DiscourseContext, marks: Sequence[Citation], sources: Sequence[Source]) -> Support:
    """The support of a table row: its own citations. A later "the study" could mean any row, so none is inherited."""
    context.add((CarriedSource(replace(sources[0], kind=IN_TABLE, references=()), 0),) if sources else ())
    return supported_by(marks, ()) if marks else UNCITED


def supported_by(marks: Sequence[Citation], named: tuple[Source, ...]) -> Support:
    references = tuple(dict.fromkeys(id for mark in marks for id in mark.references))
    return Support("cited", tuple(mark.id for mark in marks), references, named_sources=named)


def support_of_next(context: DiscourseContext, marks: Sequence[Citation], sources: Sequence[Source]) -> Support:
    """The support of the current sentence; moves the context on to the next one."""
    if context.here.kind == "lead_in":
        context.add(())
        return UNCITED
    named = tuple(source for source in sources if not source.references and source.kind != UNKNOWN)
    if marks:
        context.add(tuple(CarriedSource(source, 0) for source in sources if not source.generic), marks)
        return supported_by(marks, named)
    found = find_source(context)
    if found and not any(source.start < found.cue.start and not source.definite for source in named):
        return inherited_support(context, found, named)
    if UNREPORTED.search(context.words) or SUMS_UP.match(context.words):
        context.closed.add(len(context.carried))
    carried = tuple(CarriedSource(source, 0) for source in named if not source.generic)
    context.add(carried or known_body_source(context))
    return Support("named_source", named_sources=named) if named else UNCITED


def known_body_source(context: DiscourseContext) -> tuple[CarriedSource, ...]:
    """An unidentified source if an organisation named earlier reports something ("The agency found"), else empty."""
    here = context.here
    return (CarriedSource(Source("", here.start, here.end, "", UNKNOWN), 0),) if names_known_body(context.words) else ()


def inherited_support(context: DiscourseContext, found: RuleMatch, named: Sequence[Source]) -> Support:
    """The support of a sentence that inherits sources by a rule. Sources inside the cue are not named again."""
    start, end = found.cue
    cue = context.text[start:end]
    inherited = tuple(
        Inheritance(id, context.sentences[number].id, found.rule, cue, start, end, carried.steps + 1)
        for number, carried in found.antecedents
        for id in carried.source.references
    )
    new = tuple(source for source in named if not (source.start < end and start < source.end))
    again = tuple(h.source for _, h in found.antecedents if not h.source.references and h.source.kind not in UNNAMED)
    context.add(
        (
            *(CarriedSource(h.source, h.steps + 1) for _, h in found.antecedents),
            *(CarriedSource(s, 0) for s in new if not s.generic),
        )
    )
    if not (inherited or again or new):
        return UNCITED
    return Support("inherited" if inherited else "named_source", inherited=inherited, named_sources=again + new)
