"""What the views share: the index, the settings that matter to an answer, and the tag of the running release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Request, Response

from qa.answer import answer
from qa.indexes import OpenIndex
from qa.models import Answer
from qa.settings import Settings
from qa.web.asking import Ask
from qa.web.log import LOG

PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Service:
    """One index, served with these settings by this release of the code."""

    settings: Settings
    index: OpenIndex
    release: str

    def ask(self, ask: Ask) -> Answer:
        """The answer, from which page and JSON are both made."""
        found = answer(
            ask.q,
            self.index,
            conditions=ask.condition,
            limit=self.settings.results,
            refuse_below=self.settings.refuse_below,
            partial_below=self.settings.partial_below,
        )
        if self.settings.log_questions:
            LOG.info("asked", question=ask.q, conditions=ask.condition, status=found.status)
        return found

    def respond(self, request: Request, kind: str, asked: tuple[str, ...], make: Callable[[], Response]) -> Response:
        """The response with a strong tag of all that it depends on; 304 without making it when the sender has it."""
        parts = (self.release, self.index.version, self.settings.model_dump_json(), kind, request.script_root, *asked)
        tag = sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        known = request.if_none_match
        response = Response(status=304) if known.contains_weak(tag) and not known.star_tag else make()
        response.set_etag(tag)
        response.headers["Cache-Control"] = "no-cache"
        return response


def release_tag() -> str:
    """A digest of this package as it runs, so that a new release is not taken for the old one by a browser."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html", ".toml", ".css", ".js"})
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
