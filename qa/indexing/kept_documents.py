"""Annotated documents, kept so that only what changed is read again (QA_CACHE): a second build reads new and changed
documents, and one that was interrupted goes on from those that were finished."""

from __future__ import annotations

from hashlib import sha256
from zlib import compress, decompress

from qa.cache import Cache, maker_digest
from qa.corpus import Corpus
from qa.corpus.documents import CorpusFile
from qa.corpus.works import Works
from qa.indexes.layout import PackedSections, adapter_of, encode, pack
from qa.indexing.merging import AnnotatedDocument, DocumentHead
from qa.log import LOG
from qa.models import Document

FAST = 1  # level of compression


class KeptDocuments:
    """The annotated documents of a corpus that are kept.

    One is found again if nothing has changed that it was made from: its file with its name and what its owner says of
    it, its bibliographies, the owner's conditions and works, and this program.
    """

    def __init__(self, corpus: Corpus, kept: Cache) -> None:
        self._kept = kept
        self._lists = digest_of((maker_digest(), corpus.conditions, corpus.references))
        self._bibliographies: dict[str, str] = {}

    def find_head(self, file: CorpusFile) -> DocumentHead | None:
        found = self._kept.find(self.key(file))
        return None if found is None else head_in(PackedSections(found))

    def find(self, file: CorpusFile) -> AnnotatedDocument | None:
        if (found := self._kept.find(self.key(file))) is None:
            return None
        sections = PackedSections(found)
        head = head_in(sections)
        document = adapter_of(Document).validate_json(decompress(sections.bytes("document")))
        return AnnotatedDocument(document, head.works, head.new)

    def store(self, file: CorpusFile, document: Document, head: DocumentHead) -> None:
        """Keep a document if possible. It need not outlast a loss of power: a damaged one is made again."""
        try:
            written = compress(encode(document), FAST)
            self._kept.store(self.key(file), pack({"head": encode(head), "document": written}), lasting=False)
        except (OSError, TypeError) as error:  # no room, or not valid Unicode
            LOG.warning("document not kept", file=file.path, fault=str(error))

    def key(self, file: CorpusFile) -> str:
        beside = [self._digest_of_works(path, works) for path, works in file.bibliographies]
        parts = self._lists, file.id, file.path, file.provenance, beside, sha256(file.data).hexdigest()
        return f"document-{digest_of(parts)[:32]}"

    def _digest_of_works(self, path: str, works: Works) -> str:
        if path not in self._bibliographies:
            self._bibliographies[path] = digest_of(works.references)
        return self._bibliographies[path]


def digest_of(value: object) -> str:
    return sha256(encode(value)).hexdigest()


def head_in(sections: PackedSections) -> DocumentHead:
    head: DocumentHead = adapter_of(DocumentHead).validate_json(bytes(sections.bytes("head")))
    return head
