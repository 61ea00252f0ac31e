"""What the service is, for readers who want to know before they trust it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from qa import __version__
from qa.indexes import OpenIndex
from qa.indexes.derived import once_per_index
from qa.models import About, DocumentOverview, FormatCount, LicenceCount
from qa.views.overview import sum_of

LICENCE = "Apache-2.0"


@once_per_index
def about_service(index: OpenIndex, answer_from: float) -> About:
    """Return what the service is. `answer_from` is the confidence from which a question counts as answered. Cached, as
    it walks all documents."""
    manifest = index.manifest
    return About(
        owner=manifest.site.owner,
        intro=manifest.site.intro,
        contact=manifest.site.contact,
        version=manifest.version,
        published=manifest.published,
        release=__version__,
        licence=LICENCE,
        encoder=index.encoder,
        answer_from=answer_from,
        measured=manifest.site.measured,
        documents=len(manifest.documents),
        passages=manifest.passages,
        formats=tuple(formats_of(manifest.documents)),
        support=sum_of(document.support for document in manifest.documents),
        licences=tuple(licences_of(manifest.documents)),
    )


def licences_of(documents: Sequence[DocumentOverview]) -> Iterator[LicenceCount]:
    """Yield the licences of the documents, the most frequent first."""
    for licence, number in Counter(each.document.licence for each in documents).most_common():
        yield LicenceCount(licence, number)


def formats_of(documents: Sequence[DocumentOverview]) -> Iterator[FormatCount]:
    """Yield the formats of the files, the most frequent first."""
    alike: dict[tuple[str, bool], list[DocumentOverview]] = defaultdict(list)
    for each in documents:
        alike[each.format, each.extracted].append(each)
    for (format, extracted), found in sorted(alike.items(), key=lambda item: (-len(item[1]), item[0])):
        yield FormatCount(format, len(found), extracted, sum(each.trouble for each in found))
