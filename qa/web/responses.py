"""Responses with their ETags, made from what the engine returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from flask import Response
from werkzeug.datastructures import ETags
from werkzeug.http import parse_etags

from qa.cache import package_digest
from qa.earlier import earlier_services
from qa.engine import Service
from qa.errors import VersionGone
from qa.messages import say
from qa.views.earlier import change_of_sentence

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

    from _typeshed.wsgi import WSGIEnvironment

HTML = "text/html; charset=utf-8"


class Content(NamedTuple):
    """What is sent, and of what type it is."""

    body: bytes | str
    type: str = HTML

    def response(self, headers: Sequence[tuple[str, str]] = ()) -> Response:
        return Response(self.body, headers=[("Content-Type", self.type), *headers])


# Settings that do not affect responses. (The corpus does, but it is covered by the index version.)
WITHOUT_EFFECT = {"corpus", "index", "skip_broken", "host", "port", "workers", "versions", "cache", "encoder"}
WITHOUT_EFFECT |= {"metrics", "trusted_hosts", "hsts", "cors_origins", "rate_limit"}


Shown = Callable[[Service], Iterable[tuple[str, str]]]


def gone_with_changes(earlier: Service, served: Service, shown: Shown) -> VersionGone:
    """The error that says which of the sentences that were shown have changed."""
    each = list(dict.fromkeys(shown(earlier)))
    found = (change_of_sentence(earlier.index, served.index, document, id) for document, id in each)
    changes = [change for change in found if change and not change.moved]
    if not each:
        return VersionGone(say("gone.detail"))
    if not changes:
        return VersionGone(say("gone.unchanged"))
    return VersionGone(say("gone.changed", n=len(each), changed=len(changes)), changes)


@dataclass(frozen=True, slots=True)
class Responder:
    """Turns what a service returns into responses. `digest` identifies the code, the settings and the version."""

    service: Service
    digest: Hash

    def require(self, version: str, shown: Shown | None = None) -> None:
        """Raise VersionGone unless `version` is empty or the one served, so that newer text is never shown as older.

        `shown` gives the sentences that the request showed in that version, as document and sentence: if the version is
        still there, the error says what has become of them."""
        if version and version != self.service.version:
            if shown and (earlier := next(earlier_services(self.service, version), None)):
                raise gone_with_changes(earlier, self.service, shown)
            raise VersionGone(say("gone.detail"))

    def respond(self, environ: WSGIEnvironment, asked: Sequence[str], make: Callable[[], Content]) -> Response:
        """Return the response with a strong ETag, or 304 without calling `make` if the client already has it.

        `asked` is everything besides `digest` that the response depends on."""
        digest = self.digest.copy()
        digest.update("\0".join(asked).encode("utf-8", "surrogatepass"))
        tag = digest.hexdigest()[:32]
        headers = [("ETag", f'"{tag}"'), ("Cache-Control", "no-cache")]
        if "HTTP_IF_NONE_MATCH" in environ and client_has(parse_etags(environ["HTTP_IF_NONE_MATCH"]), tag):
            return Response(status=304, headers=headers)
        return make().response(headers)


def client_has(known: ETags, tag: str) -> bool:
    """Return whether the client has the response with this ETag. `*` is ignored: it matches a response never sent."""
    return known.contains_weak(tag) and not known.star_tag


def release_digest(service: Service) -> Hash:
    """Return a digest of the package, the settings that affect responses, the index version and its vectors.

    Browsers thus notice a new release, and two machines with the same configuration send the same ETags."""
    chosen = service.settings.model_dump_json(exclude=WITHOUT_EFFECT)
    vectors = service.index.vectors.encoder if service.index.vectors else service.index.encoder
    return sha256("\0".join((package_digest(), chosen, service.version, vectors)).encode())
