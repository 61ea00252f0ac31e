"""Views of a document and of the index version, as shown in lists."""

from __future__ import annotations

from qa.indexes import Store
from qa.models import Document, DocumentView, IndexInfo


def show_document(document: Document) -> DocumentView:
    about = document.provenance
    return DocumentView(
        document.id, about.title, document.digest, about.owner, about.date, about.language, about.licence, about.origin
    )


def index_info(store: Store) -> IndexInfo:
    catalogue = store.catalogue
    return IndexInfo(catalogue.version, len(catalogue.documents), sum(len(d.passages) for d in catalogue.documents))
