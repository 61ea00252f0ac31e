"""Claims without a source: a line for each, or one for a whole document that is an article."""

from __future__ import annotations

from collections.abc import Iterator

from qa.citations.attach import reports_research
from qa.corpus import Corpus
from qa.editing.findings import Findings
from qa.editing.locations import Location, location_of
from qa.indexing.ingest import Annotated
from qa.messages import say
from qa.models import Document, Sentence

# An article reports its own study, so most of its sentences have no source. So do most of a long text with few marks.
MOST_OF_AN_ARTICLE = 10
MOST_OF_A_TEXT = 20
LARGE_SHARE = 0.5


def uncited_claims(corpus: Corpus, annotated: Annotated) -> Findings:
    """Yield the claims without a source. Of an article, or a long text in which most have none, only their number."""
    for document in annotated.documents:
        claims = list(claims_of(document))
        uncited = [sentence for sentence in claims if sentence.support.status == "uncited"]
        if are_too_many(document, len(uncited), len(claims)):
            message = say("check.many_uncited", uncited=len(uncited), claims=len(claims))
            yield Location(document.file), "", message
            continue
        for sentence in uncited:
            place = location_of(document, sentence.start)
            yield place, document.text[sentence.start : sentence.end], "has no source. Add a citation if there is one."


def claims_of(document: Document) -> Iterator[Sentence]:
    """The claims that may lack a source. A row of a table is one only if another row of the table has a source."""
    tables = {number for number, block in enumerate(document.blocks) if block.kind == "table"}
    claims = [sentence for sentence in document.sentences if sentence.kind == "claim"]
    sourced = {sentence.block for sentence in claims if sentence.support.status != "uncited"}
    yield from (sentence for sentence in claims if sentence.block not in tables or sentence.block in sourced)


def are_too_many(document: Document, uncited: int, claims: int) -> bool:
    if document.provenance.kind == "research" or reports_research(document.sections):
        return uncited > MOST_OF_AN_ARTICLE
    return uncited > MOST_OF_A_TEXT and uncited >= LARGE_SHARE * claims


def sources_without_reference(corpus: Corpus, annotated: Annotated) -> Findings:
    for document in annotated.documents:
        for sentence in document.sentences:
            for source in sentence.support.named_sources if sentence.kind == "claim" else ():
                if not source.generic:
                    place = location_of(document, source.start)
                    yield place, source.text, "is named without a reference. Add a citation."
