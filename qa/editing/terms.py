"""Checks of the owner's glossary."""

from __future__ import annotations

from qa.corpus import Corpus
from qa.corpus.glossary import GLOSSARY
from qa.editing.findings import Findings
from qa.editing.locations import Location
from qa.indexing.ingest import Annotated
from qa.views.glossary import glossary_with


def unused_terms(corpus: Corpus, annotated: Annotated) -> Findings:
    used = {each.term for each in glossary_with(corpus.glossary).occurring(d.text for d in annotated.documents)}
    for term in (entry.term for entry in corpus.glossary if entry.term not in used):
        place = Location(GLOSSARY, corpus.line(GLOSSARY, term))
        yield place, term, "is in none of the documents. Add the form that they use under forms, or remove it."


def terms_without_source(corpus: Corpus, annotated: Annotated) -> Findings:
    for entry in corpus.glossary:
        if not entry.source:
            place = Location(GLOSSARY, corpus.line(GLOSSARY, entry.term))
            yield place, entry.term, "does not say where its meaning is taken from. Add a source."
