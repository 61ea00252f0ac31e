"""Earlier versions of the documents that a service still has: links to them say what has changed since."""

from __future__ import annotations

from collections.abc import Iterator

from qa.cache import open_cache
from qa.encoder import open_encoder
from qa.engine import Service
from qa.indexing.publish import known_versions, open_each


def earlier_services(service: Service, version: str = "") -> Iterator[Service]:
    """Yield the service with each earlier version that is kept, or with this one only; the newest first."""
    settings, kept = service.settings, open_cache(service.settings.cache)
    versions = [each for each in known_versions(settings.corpus, settings.index, kept) if version in ("", each)]
    others = (each for each in versions if each != service.version)
    for index in open_each(others, settings.index, kept, open_encoder(settings.encoder)):
        yield Service(settings, index)
