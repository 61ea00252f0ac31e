"""Random requests for `benchmarks.fuzz`: half of them sensible, the rest as hostile as we can make them.

One seed determines all requests. Each request contains its own marker wherever text was made up, so that anything
repeated in a response is recognised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from urllib.parse import quote, quote_from_bytes

WORDS = """ketamine alcohol cocaine heroin craving relapse trial therapy dose 0.8 mg/kg does do is how many what which
stop drinking months side effects cost children my son is 9 suicide pregnant kétamine depresion AUD trial-2 what's"""
# {m} is the marker. Markup, templates, queries, paths, format strings, and characters that break programs.
HOSTILE = """<script>{m}</script>|<img src=x onerror={m}>|" onfocus={m} x="|' onfocus={m} x='|{{{{{m}}}}}|{{% {m} %}}|
${{jndi:ldap://{m}}}|' OR 1=1 -- {m}|../../{m}/passwd|%00{m}|%n%s{m}|\\x00{m}|javascript:{m}|{m};{m}|</title>{m}|
<!--{m}|]]>{m}|{m}\r\nSet-Cookie: {m}=1|{m}\nX-{m}: 1|\0|\x1b[2J{m}|\u202e{m}\u2066|\u200b\ufeff|\U0001f600|İﬁǆ|
ｋｅｔａｍｉｎｅ|a\u0300\u0300\u0300|\u0627\u0644\u0643|中文|\udc80|-1|1e999|NaN|null|[]|((((|****|&&&&|====|....|!!!!|\t|\v|\x85\xa0"""
PATHS = """//evil.example/ /// /api/v1//ask /API/V1/ASK /api/v1/ask/ /api/v1/ask%20 * http://evil.example/ /.git/config
/api/v1/..;/ /api/v1/ask;x=1 /..%2f..%2fetc/passwd /%2e%2e/%2e%2e/etc/passwd /\\evil.example /api/v1 /static healthz
/%c0%ae%c0%ae/ /%ff%fe /%252e%252e /api/v1/ask?q=x /api/v1/ask#x"""
METHODS = ["GET"] * 60 + ["POST"] * 22 + ["HEAD"] * 4 + ["OPTIONS"] * 3
METHODS += ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "get", "", "GET\0", "PRI", "PROPFIND"]
NAMES = """Accept Accept-Language Accept-Encoding If-None-Match If-Modified-Since Range Host X-Forwarded-Host
X-Forwarded-For X-Forwarded-Proto X-Forwarded-Prefix X-Original-URL Forwarded Origin Cookie Authorization User-Agent
Referer X-HTTP-Method-Override Content-Type Content-Length Transfer-Encoding Content-Encoding Expect Upgrade Connection
TE X-Request-ID"""
VALUES = """*|*/*;q=x|application/json|application/x-bibtex|application/x-research-info-systems;q=0.5,text/html|,,,;;;
text/html;level=1;q=999|application/vnd.citationstyles.csl+json|gzip, br;q=-1|W/"x"|"{m}"|bytes=0-1,5-|null|0|-1|5|999|
()|Thu, 99 Zzz 9999 99:99:99 GMT|https://evil.example|127.0.0.1|evil.example|127.0.0.1:99999999|[::1]|[::1|localhost.|
LOCALHOST|127.0.0.1@evil|99999999999999999999|chunked|identity|{m}|${{jndi:{m}}}|application/x-bibtex;q=nan|\x80\xff|"""
KINDS = ["application/json"] * 5 + ["application/json; charset=utf-16", "APPLICATION/JSON", "text/plain"]
KINDS += ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/jsonx", ""]
BODIES = [b"[" * 30_000, b'{"q":' * 9_000, b'{"q":"a","q":"b"}', b"NaN", b'{"q":NaN}', b'{"q":"\\ud800"}']
BODIES += [b'\xef\xbb\xbf{"q":"a"}', b'{"q":"a"}\0', b"1" * 60_000, b'{"q":"' + b"a" * 66_000 + b'"}', b"\xff\xfe{\0"]
BODIES += [b'{"q":1e99999}', b'{"q":"\\u0000"}', b"", b"null", b'{"q":"a","explain":1e400}']
ENDINGS = ("", "", "", "", ".bib", ".ris", ".json", "/", "%2e")
AGAIN = 0.03  # share of requests that are sent again
SEPARATORS = [b"&"] * 6 + [b"&&", b";"]
LENGTHS = (1, 10, 100, 999, 1000, 1001, 3000)  # characters; a question may have 1,000
ARGUMENT = re.compile(r"<(?:\w+:)?\w+>")  # of a route


@dataclass(frozen=True, slots=True)
class Known:
    """The routes of the service and the ids that are valid in them."""

    routes: Sequence[str]
    ids: Sequence[str]
    conditions: Sequence[str]
    version: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One request. The path is percent-encoded, as sent; header values are as a server passes them on."""

    marker: str
    method: str
    path: str
    query: bytes
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Requests:
    """Generates requests; the same seed gives the same requests."""

    def __init__(self, known: Known, seed: int) -> None:
        self.known, self.random = known, Random(seed)
        self.marker = ""
        self.answered: list[Sent] = []  # to be sent again

    def keep(self, sent: Sent, tag: str) -> None:
        """Remember a request and the ETag of its answer, to send it again with If-None-Match."""
        again = replace(sent, headers=(("If-None-Match", tag),))
        self.answered = [*self.answered[-50:], again]

    def next(self) -> Sent:
        chance = self.random.random
        if self.answered and chance() < AGAIN:
            return self.answered[self.random.randrange(len(self.answered))]
        self.marker = f"zq{self.random.randrange(16**8):08x}"
        method = self.pick(METHODS)
        asks = method == "POST" and chance() < 0.7
        path = "/api/v1/ask" if asks else self.path()
        query = self.query() if chance() < (0.1 if asks else 0.8) else b""
        headers = [self.header() for _ in range(self.pick((0, 0, 0, 1, 1, 2, 4)))]
        body = self.body() if method in {"POST", "PUT", "PATCH"} or chance() < 0.05 else b""
        if body and chance() < 0.9:
            headers.append(("Content-Type", self.pick(KINDS)))
        return Sent(self.marker, method, path, query, tuple(headers), body)

    def pick(self, among: Sequence[Any]) -> Any:
        return self.random.choice(among)

    def hostile(self) -> str:
        return str(self.pick(HOSTILE.split("|"))).format(m=self.marker)

    def text(self) -> str:
        """A question or other text."""
        make = self.random.choices((self.question, self.mixture, self.characters, self.repeated), (9, 4, 2, 1))
        return str(make[0]())

    def question(self) -> str:
        return " ".join(self.pick(WORDS.split()) for _ in range(self.random.randint(1, 25)))

    def mixture(self) -> str:
        return " ".join(self.pick((self.question(), self.hostile())) for _ in range(self.random.randint(0, 9)))

    def characters(self) -> str:
        """Random characters, lone surrogates included."""
        most = self.pick((256, 0x800, 0x110000))
        return "".join(chr(self.random.randrange(most)) for _ in range(self.random.randint(1, 60)))

    def repeated(self) -> str:
        return str((self.pick((*WORDS.split(), *"([{\"'.,;:@^*#-|0aÀ ")) * 3000)[: self.pick(LENGTHS)])

    def escaped(self, text: str) -> bytes:
        """Encode text for an address: usually as browsers do, sometimes as invalid UTF-8 or invalid escapes."""
        sent = text.encode("utf-8", "surrogatepass")
        if self.random.random() < 0.9:
            return quote_from_bytes(sent, safe="").replace("%20", self.pick(("+", "%20"))).encode()
        return bytes(self.pick((b"%", b"%u0041", b"%ff", b"%c0%af", b"%ed%a0%80", b"%00")) * self.random.randint(1, 9))

    def path(self) -> str:
        """A route with its arguments filled in, sometimes with an extra character; or no route at all."""
        chance = self.random.random()
        if chance < 0.07:
            return str(self.pick(PATHS.split()))
        if chance < 0.12:
            return f"/{quote(self.text(), errors='replace')}"
        route = self.pick(("/", "/api/v1/ask")) if chance < 0.45 else self.pick(self.known.routes)
        path = ARGUMENT.sub(lambda found: self.argument(), route)
        if chance > 0.98:
            place = self.random.randrange(len(path) + 1)
            return path[:place] + str(self.pick(("%00", "%0d%0a", "//", "%2f", "\\", "/."))) + path[place:]
        return path

    def argument(self) -> str:
        if self.random.random() < 0.7:
            return quote(self.pick(self.known.ids)) + str(self.pick(ENDINGS))
        return quote(self.pick((self.hostile(), self.text(), "../" * 9, "a" * 5000)), safe="", errors="replace")

    def query(self) -> bytes:
        """Parameters of a question in any number and order, mixed with unknown ones."""
        versions = (self.known.version, "", "0" * 16, self.hostile())
        conditions = (*self.known.conditions, self.hostile())
        given: list[tuple[float, str, Callable[[], str]]] = [
            (0.85, "q", self.text),
            (0.03, "q", self.text),
            (0.3, "condition", lambda: self.pick(conditions)),
            (0.1, "condition", lambda: self.pick(conditions)),
            (0.15, "version", lambda: self.pick(versions)),
            (0.15, "as_written", lambda: self.pick(("1", "0", "true", "", "2", self.hostile()))),
            (0.15, "explain", lambda: self.pick(("1", "0", "true", "TRUE", "x"))),
            # a short plain name may be repeated to the sender, so the marker is not one
            (0.1, self.pick(("limit", "utm_source", f"<{self.marker}>", self.hostile())), self.hostile),
        ]
        parts = [
            self.escaped(n) + b"=" + self.escaped(make()) for odds, n, make in given if self.random.random() < odds
        ]
        self.random.shuffle(parts)
        return bytes(self.pick(SEPARATORS).join(parts))

    def header(self) -> tuple[str, str]:
        name, chance = self.pick(NAMES.split()), self.random.random()
        value = str(self.pick(VALUES.split("|"))).format(m=self.marker) if chance < 0.9 else self.text() * 3
        return name, re.sub(r"[\r\n\0]", "", value).encode("utf-8", "replace").decode("latin-1")

    def body(self) -> bytes:
        chance = self.random.random()
        if chance < 0.1:
            return bytes(self.pick(BODIES))
        if chance < 0.15:
            return self.random.randbytes(self.random.randint(0, 400))
        asked = {"q": self.text()} if chance < 0.8 else {self.pick(("q", "Q", self.hostile())): self.value()}
        for name in ("condition", "version", "explain", "as_written", f"<{self.marker}>"):
            if self.random.random() < 0.1:
                asked[name] = self.value()
        if self.random.random() < 0.3:
            asked["condition"] = [self.pick((*self.known.conditions, "x")) for _ in range(self.random.randint(0, 3))]
        sent = json.dumps(asked, ensure_ascii=self.random.random() < 0.5).encode("utf-8", "surrogatepass")
        place = self.random.randrange(len(sent))
        return sent if chance < 0.7 else sent[:place] + self.random.randbytes(1) + sent[place + 1 :]

    def value(self, depth: int = 0) -> Any:
        """A value of any JSON type."""
        nested = [self.value(depth + 1) for _ in range(self.random.randint(0, 2 * (depth < 3)))]
        plain = (0, -1, 1.5, 10**30, True, False, None, self.known.version, "", self.text(), self.hostile())
        return self.pick((*plain, nested, {self.hostile(): each for each in nested}))
