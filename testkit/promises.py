"""The promises that every response must keep, checked for `benchmarks.fuzz`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from qa.indexes import OpenIndex
from qa.web.headers import security_headers
from testkit.hostile_requests import HOSTILE, Sent

PAGE = {200, 304, 308, 400, 404, 405, 410, 411, 413, 422}  # statuses of pages and of unknown addresses
RAW = [
    text for text in HOSTILE.split("|") if re.search(r"[<>\"'].*\{m\}", text)
]  # markup that must not be returned unescaped
# An error page keeps the question in its box, and links to the same address of the current version.
KEPT = re.compile(rb"<textarea[^>]*>[^<]*</textarea>|<a href=\"/[^\"<>]*\">")
TRACE = b"Traceback (most recent"
OURS = {"", "127.0.0.1", "localhost", "[::1]"}  # hosts that a redirect may lead to


@dataclass(frozen=True, slots=True)
class Got:
    """A response. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(slots=True)
class Report:
    """The result of a run."""

    statuses: Counter[int] = field(default_factory=Counter)
    validated: int = 0
    verbatim: int = 0
    faults: list[str] = field(default_factory=list)


class Promises:
    """Checks responses. `index` has the documents that quotations must come from."""

    def __init__(self, app: Flask, index: OpenIndex, description: dict[str, Any], report: Report) -> None:
        self.described, self.report = description, report
        self.texts = {document.id: document.text for document in index.documents()}
        self.router = app.url_map.bind("127.0.0.1")

        @cache
        def validator(schema: str) -> Draft202012Validator:
            return Draft202012Validator(json.loads(schema) | {"components": self.described["components"]})

        self.validator = validator

    def broken(self, sent: Sent, got: Got) -> Iterator[str]:
        """Yield a short description of each promise that this response breaks."""
        operation = self.operation(sent)
        documented = {int(status) for status in operation["responses"]} if operation else PAGE
        if got.status not in documented and not (sent.method == "OPTIONS" and got.status == 200):
            yield f"status {got.status}"
        if missing := {name.lower() for name, _ in security_headers(False)} - got.headers.keys():
            yield f"without {', '.join(sorted(missing))}"
        if "set-cookie" in got.headers:
            yield "a cookie"
        if any(re.search(r"[\r\n\0]", f"{name}{value}") for name, value in got.headers.items()):
            yield "a line break in a header"
        if urlsplit(got.headers.get("location", "")).hostname not in {*OURS, None}:
            yield "a redirect to another host"
        yield from self.echoes(sent, got)
        if got.body and got.kind.endswith("json"):
            yield from self.misdescribed(operation, got)

    def operation(self, sent: Sent) -> dict[str, Any] | None:
        """Return the OpenAPI operation of a request, or None for pages and unknown addresses."""
        try:
            rule, _ = self.router.match(path_of(sent.path), sent.method, return_rule=True)
        except (HTTPException, RequestRedirect):
            return None
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        export = f"{path}.{path_of(sent.path).rpartition('.')[2]}"  # an export is an operation of its own
        method = "get" if sent.method == "HEAD" else sent.method.lower()
        paths = self.described["paths"]
        found: dict[str, Any] | None = paths.get(export, paths.get(path, {})).get(method)
        return found

    def echoes(self, sent: Sent, got: Got) -> Iterator[str]:
        marker = sent.marker.encode()
        if TRACE in got.body:
            yield "a stack trace"
        outside = KEPT.sub(b"", got.body) if got.kind == "text/html" else got.body
        if got.status >= 400 and marker in outside:
            yield "an error repeats what was sent"
        if sent.marker in "".join(got.headers.values()) and "location" not in got.headers:
            yield "a header repeats what was sent"
        if got.kind == "text/html" and got.body:
            raw = any(text.format(m=sent.marker).encode("utf-8", "replace") in got.body for text in RAW)
            scripts = 2 if b'class="framed"' in got.body else 1  # a page in a frame has one for its height
            if raw or got.body.count(b"<script") != scripts or b"<img" in got.body:
                yield "input rendered as markup"

    def misdescribed(self, operation: dict[str, Any] | None, got: Got) -> Iterator[str]:
        """Yield what is wrong with a JSON body: not valid against its schema, or not verbatim."""
        found = json.loads(got.body)
        schema = {"$ref": "#/components/schemas/Problem"} if got.kind == "application/problem+json" else None
        if operation and str(got.status) in operation["responses"]:
            content = operation["responses"][str(got.status)]["content"]
            if got.kind not in content:
                yield f"content {got.kind}"
            schema = content.get(got.kind, {}).get("schema", schema)
        if schema:
            self.report.validated += 1
            wrong = next(self.validator(json.dumps(schema)).iter_errors(found), None)
            if wrong:
                yield f"not as described: {wrong.message[:100]}"
        if got.status == 200 and isinstance(found, dict):
            yield from self.altered(found)

    def altered(self, found: dict[str, Any]) -> Iterator[str]:
        quoted = [*found.get("answers", ()), *(found.get("abstention") or {}).get("nearest", ())]
        quoted += [found] if {"document", "start", "end", "text"} <= found.keys() else []
        for each in quoted:
            self.report.verbatim += 1
            if self.texts[each["document"]][each["start"] : each["end"]] != each["text"]:
                yield "not verbatim"
        if found.get("generated_text"):
            yield "generated text"


def path_of(path: str) -> str:
    """Decode a path as Flask does: invalid UTF-8 is replaced."""
    return unquote_to_bytes(path).decode("utf-8", "replace")
