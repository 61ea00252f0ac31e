"""The engine: opens a service from settings. Command line, evaluation, web and Python programs all ask through it.
docs/python.md has examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.answering.suggestions import answered_examples, with_suggestions
from qa.answering.topics import topic_of
from qa.cache import open_cache
from qa.citations.export import EXPORTS
from qa.citations.styles import REFERENCE_STYLES, to_style
from qa.encoder import open_encoder
from qa.errors import CorpusError
from qa.indexes import OpenIndex, open_index
from qa.indexing.publish import Tell, version_to_serve
from qa.indexing.vectors import Progress, no_progress, open_with_vectors
from qa.log import LOG
from qa.models import (
    CSL,
    About,
    Answer,
    CoverageReport,
    CoveredCondition,
    Document,
    DocumentOverview,
    DocumentVerdicts,
    Facets,
    GlossaryTerm,
    IndexInfo,
    ListName,
    Notice,
    Passage,
    Selection,
    Topic,
    WorkUses,
    WorkView,
)
from qa.settings import Settings, read_settings
from qa.understanding.context import context_of
from qa.views.about import about_service
from qa.views.documents import index_info
from qa.views.fragments import LinksToSentences
from qa.views.glossary import glossary_of
from qa.views.lists import select
from qa.views.markdown import answer_as_markdown
from qa.views.overview import coverage_report
from qa.views.quotations import with_raw, with_state, works_of
from qa.views.verdicts import document_verdicts
from qa.views.works import show_uses, show_work

ALL = Selection()  # of a list: everything, in the order of the documents


def pass_over(fault: CorpusError) -> None:
    """Do nothing with a skipped work or document."""


def open_service(
    settings: Settings | None = None,
    *,
    corpus: Path | str | None = None,
    tell: Tell = pass_over,
    progress: Progress = no_progress,
) -> Service:
    """Read the corpus, build its index, with vectors unless the encoder is off, and return a service to ask.

    `settings` are read from the `QA_*` environment variables if not given; `corpus` is a folder to use instead of
    theirs. `tell` is called with the error of each work or document that is skipped, `progress` with the numbers of
    texts (passages and sentences) that have been encoded and that are new.

    Raises BadSetting for an invalid setting, CorpusError (with file and line) for an error in the owner's files, and
    IndexUnavailable if the index cannot be opened.
    """
    settings = settings or read_settings()
    if corpus is not None:
        settings = settings.model_copy(update={"corpus": Path(corpus)})
    return add_vectors(open_without_waiting(settings, tell), progress)


def open_without_waiting(settings: Settings, tell: Tell = pass_over) -> Service:
    """The same, but by words alone if vectors have to be made first. Raises as `open_service`."""
    kept, encoder = open_cache(settings.cache), open_encoder(settings.encoder)
    version = version_to_serve(settings.corpus, settings.index, skip_broken=settings.skip_broken, tell=tell, kept=kept)
    return Service(settings, open_index(settings.index, version, kept, encoder))


def add_vectors(service: Service, progress: Progress = no_progress) -> Service:
    """The same version with its vectors, which are made if necessary."""
    if service.index.encoder != "preparing":
        return service
    settings = service.settings
    kept, encoder = open_cache(settings.cache), open_encoder(settings.encoder)
    return Service(settings, open_with_vectors(settings.index, service.version, kept, encoder, progress))


@dataclass(frozen=True, slots=True)
class Service:
    """One version of the documents, served with these settings. It never changes: open another to see later edits.

    What the methods return are frozen dataclasses (`qa.models`), the same that the JSON API is made from. Safe to use
    from several threads.
    """

    settings: Settings
    index: OpenIndex

    def ask(
        self,
        question: str,
        conditions: Sequence[str] = (),
        *,
        as_written: bool = False,
        explain: bool = False,
        limit: int | None = None,
    ) -> Answer:
        """Answer a question with verbatim passages of the documents, or give the reason why they do not answer it.

        `conditions` are ids to filter by; giving one has the same effect as naming it in the question. `as_written`
        searches for the words exactly as typed. `explain` lists what each passage's score is made of. `limit` is how
        many passages to show at most, from 1; None for the number in the settings.

        Raises QuestionError if the question is empty, too long or has control characters, and UnknownCondition for an
        id that the vocabulary does not have.
        """
        options = Options(
            conditions=conditions,
            limit=limit or self.settings.results,
            answer_from=self.settings.answer_from,
            as_written=as_written,
            explain=explain,
        )
        found = with_suggestions(answer(question, self.index, options), self.index, options)
        if self.settings.log_questions:
            LOG.info("asked", question=question, conditions=tuple(conditions), status=found.status)
        return found

    # --- the documents -------------------------------------------------------------------------

    @property
    def version(self) -> str:
        """The version of the documents: a digest of their content."""
        return self.index.manifest.version

    @property
    def kind_of_index(self) -> str:
        """What QA_INDEX begins with: "memory", "disk" or "opensearch"."""
        return self.settings.index.partition(":")[0].partition("+")[0]

    @property
    def example_questions(self) -> tuple[str, ...]:
        """The questions that the owner gives as examples, without those that are not answered."""
        return answered_examples(self.index, self.settings.answer_from)

    def about(self) -> About:
        """Return what the service is: whose documents it has, how they were read, how sure its answers are."""
        return about_service(self.index, Options(answer_from=self.settings.answer_from).threshold(self.index))

    def info(self) -> IndexInfo:
        """Return the version with the numbers of documents and passages."""
        return index_info(self.index)

    def documents(self, selection: Selection = ALL) -> tuple[DocumentOverview, ...]:
        """Return all documents or a selection, each with the number of its passages and of its sentences by support."""
        return tuple(map(self.index.overview, select(self.index, "documents", selection).ids))

    def document(self, id: str) -> Document:
        """Return a document, word for word, with its parts and their support. Raises NotFound."""
        return self.index.document(id)

    def verdicts(self, id: str) -> DocumentVerdicts:
        """Return the sentences of a document with reviewers' notes or sources that were retracted. Raises NotFound."""
        return document_verdicts(self.index.document(id), self.index)

    def works_in(self, id: str) -> tuple[WorkView, ...]:
        """Return the works that a document cites, in the order of its list. Raises NotFound."""
        retractions = self.index.manifest.retractions
        return tuple(show_work(self.index.uses(work), retractions) for work in self.index.document(id).references)

    def passage(self, id: str) -> Passage:
        """Return a passage, word for word. Raises NotFound."""
        return self.index.passage(id)

    def references(self, selection: Selection = ALL) -> tuple[WorkView, ...]:
        """Return all works cited in the documents and in reviewers' notes, or a selection."""
        ids = select(self.index, "references", selection).ids
        return tuple(show_work(self.index.uses(id), self.index.manifest.retractions) for id in ids)

    def reference(self, id: str) -> WorkUses:
        """Return a work, the sentences it supports and the notes on it. Raises NotFound."""
        return show_uses(self.index.uses(id), self.index.manifest.retractions)

    def conditions(self, selection: Selection = ALL) -> tuple[CoveredCondition, ...]:
        """Return the owner's conditions or a selection, each with the number of passages about it; 0 if it is not
        covered."""
        known = {condition.id: condition for condition in self.index.manifest.knowledge.conditions}
        return tuple(known[id] for id in select(self.index, "conditions", selection).ids)

    def condition(self, id: str, page: int = 1, limit: int = 20) -> Topic:
        """Return what the documents have on a condition, `limit` documents a page. Raises NotFound."""
        return topic_of(self.index, id, page, limit, self.settings.answer_from)

    def facets(self, name: ListName, selection: Selection = ALL) -> Facets:
        """Return what "documents", "references" or "conditions" can be filtered by, and how many are selected."""
        found = select(self.index, name, selection)
        return Facets(found.total, found.facets)

    def glossary(self) -> tuple[GlossaryTerm, ...]:
        """Return the terms that the owner explains."""
        return glossary_of(self.index).terms

    def coverage(self) -> CoverageReport:
        """Return what the documents cover, and what they do not."""
        return coverage_report(self.index)

    def notices(self, text: str = "") -> tuple[Notice, ...]:
        """Return the owner's notices that are always shown or that `text` triggers, urgent ones first.

        Accepts any text, also one that is rejected as a question.
        """
        return context_of(self.index).notices.matching(text)

    # --- exports for reference managers ----------------------------------------------------------

    @staticmethod
    def works(found: Answer | WorkUses | Sequence[WorkView]) -> list[CSL]:
        """Return the works to export, as CSL-JSON: of an answer, the documents quoted and the works they cite, with
        the quotations and the reviewers' notes on them; of a reference or a list of them, these."""
        if isinstance(found, Answer):
            return works_of(found)
        listed = [found.reference] if isinstance(found, WorkUses) else found
        return [with_state(with_raw(work.csl, work.raw)) for work in listed]

    def export(self, found: Answer | WorkUses | Sequence[WorkView], format: str, address: str = "") -> str:
        """Return the works as "bib" (BibTeX), "ris" or "json" (CSL-JSON), as a list of references in "ama", "vancouver"
        or "apa" style, or, as "md", the quotations as Markdown. `address` is that of the service, for links. Raises
        KeyError for another format."""
        if format == "md" and isinstance(found, Answer):
            return answer_as_markdown(found, LinksToSentences(self.index, address))
        if format in REFERENCE_STYLES:
            return to_style(format, self.works(found))
        return EXPORTS[format](self.works(found))

    def sentence_url(self, document: str, sentence: str) -> str:
        """Return where the page of a document has a sentence, so that browsers highlight it. Raises NotFound."""
        return LinksToSentences(self.index)(document, sentence)
