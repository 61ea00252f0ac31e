"""An objection to a sentence: a form if readers' words may be stored, else the owner's contact with the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Flask, redirect, render_template, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from qa.engine import Service
from qa.errors import NotFound
from qa.feedback import LONGEST_REASON, Objection, today
from qa.indexes.quotations import plain_sentence, verbatim
from qa.messages import say
from qa.models import Document, Sentence
from qa.models.addresses import document_url
from qa.web import presenter
from qa.web.browse import page
from qa.web.feedback import EXTENSION, THANKS, from_own_page
from qa.web.limits import RateLimit, network_of
from qa.web.parameters import read_query, url_parameters
from qa.web.request_models import OfVersion
from qa.web.responses import Responder

MOST_A_MINUTE = 10  # objections from one address and process


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence to choose: its id, its words, and whether it is the one that the reader comes from."""

    id: str
    words: str
    chosen: bool


def add_report(app: Flask, responder: Responder) -> None:
    """Add /documents/<id>/report, for the sentences of a document, and /documents/<id>/report/<sentence>, for those of
    its passage. Without a contact and a place to store objections there is nowhere to send one."""
    service = responder.service
    app.jinja_env.globals["takes_reports"] = taking = service.settings.feedback is not None or bool(
        presenter.contact_address(service.index.manifest.site.contact)
    )
    if not taking:
        return
    limit = RateLimit(MOST_A_MINUTE)

    @app.get("/documents/<id>/report", defaults={"sentence": ""})
    @app.get("/documents/<id>/report/<sentence>")
    def report(id: str, sentence: str) -> str:
        responder.require(read_query(OfVersion, url_parameters(request, only=("version",))).version)
        return report_page(service, service.document(id), sentence)

    if service.settings.feedback is None:
        return

    @app.post("/documents/<id>/report")
    def object_to(id: str) -> AnyResponse | str | tuple[str, int]:
        if not from_own_page():
            raise Forbidden
        limit.count(network_of(request.environ.get("REMOTE_ADDR", "")))
        document = service.document(id)
        sentence = sentence_in(document, request.form.get("sentence", ""))
        reason = without_control(request.form.get("reason", ""))
        if not reason or len(reason) > LONGEST_REASON:
            return report_page(service, document, sentence.id, reason), 422
        words = verbatim(document, sentence)
        app.extensions[EXTENSION].add(Objection(today(), id, sentence.id, words, service.version, reason))
        notices = service.notices(reason)
        if any(notice.urgent for notice in notices):
            return thanks_page(notices)
        return redirect(f"{request.script_root}{THANKS}?report=1", 303)


def report_page(service: Service, document: Document, sentence: str, reason: str | None = None) -> str:
    """Render the form. `reason` is what cannot be stored as it is: it is empty or too long."""
    fault = ""
    if reason is not None:
        fault = say("report.too_long", limit=f"{LONGEST_REASON:,}") if reason else say("report.no_reason")
    chosen = sentence_in(document, sentence) if sentence else None
    return page(
        service,
        "report.html",
        f"/documents/{quote(document.id)}",
        shown=service.index.overview(document.id).document,
        sentences=sentences_around(document, chosen),
        back=document_url(document.id, sentence),
        write_to=address_to_write(service.index.manifest.site.contact, document, chosen),
        reason=reason or "",
        fault=fault,
    )


def thanks_page(notices: object) -> str:
    return render_template("thanks.html", root=request.script_root, notices=notices, report=True)


def sentence_in(document: Document, id: str) -> Sentence:
    """Return a sentence. Raises NotFound."""
    found = next((sentence for sentence in document.sentences if sentence.id == id), None)
    if found is None:
        raise NotFound(say("not_found.sentence"), within=document_url(document.id))
    return found


def sentences_around(document: Document, chosen: Sentence | None) -> list[ShownSentence]:
    """The sentences of the passage of the one chosen, or else all statements of the document."""
    passage = next((p for p in document.passages if chosen in p.sentences), None)
    alone = [chosen] if chosen else [sentence for sentence in document.sentences if sentence.kind == "claim"]
    return [
        ShownSentence(each.id, plain_sentence(document, each), each is chosen or each == chosen)
        for each in (passage.sentences if passage and chosen else alone)
    ]


def address_to_write(contact: str, document: Document, sentence: Sentence | None) -> str:
    """The owner's contact; a message to an address names the document and the sentence."""
    address = presenter.contact_address(contact)
    if not address.startswith("mailto:"):
        return address
    place = request.url_root.rstrip("/") + document_url(document.id, sentence.id if sentence else "")
    body = f"{plain_sentence(document, sentence)}\n\n{place}\n\n" if sentence else f"{place}\n\n"
    told = {"subject": say("report.subject", title=document.provenance.title), "body": body}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(told, quote_via=quote)}"


def without_control(text: str) -> str:
    """The text without control characters other than tabs and line ends, and without white space around it."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\t\n").strip()
