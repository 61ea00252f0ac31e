"""The command line: `qa serve`, `qa ask`. Each command is a thin coat over the package."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from pydantic import ValidationError

from qa import __version__
from qa.errors import QAError
from qa.models import Answer, Hit, ShownSupport
from qa.settings import Settings


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """A fault that we foresaw ends the command with one line, never with a stack trace."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except QAError as error:
            raise click.ClickException(str(error)) from None

    return run


def read_settings() -> Settings:
    """The settings, or one line for each variable that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [f"QA_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise click.ClickException("; ".join(faults)) from None


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Answers from your own documents, word for word, each with the citations behind it."""


@main.command()
@click.option("--host", help="Address to listen on (default: QA_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (default: QA_PORT).")
@plainly
def serve(host: str | None, port: int | None) -> None:
    """Serve the page and the JSON API."""
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.server import Server

    from qa.ingest import publish

    settings = read_settings()
    # Built here once before any worker starts, so that a fault in the corpus is one line and not a crash loop.
    index = publish(settings.corpus, settings.index)
    host, port = host or settings.host, port or settings.port
    click.echo(f"{len(index.catalogue.documents)} document(s), version {index.catalogue.version}", err=True)
    click.echo(f"Serving http://{host}:{port} (stop with Ctrl-C)", err=True)
    # Why these and not the defaults: docs/design.md, "The server".
    Server(
        "qa.web:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=settings.workers,
        blocking_threads=1,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        http1_settings=HTTP1Settings(header_read_timeout=5000, max_buffer_size=16384),
        log_access=False,
    ).serve()


@main.command()
@click.argument("question")
@click.option("--condition", multiple=True, help="Id of a condition to keep to; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@plainly
def ask(question: str, condition: tuple[str, ...], as_json: bool) -> None:
    """Ask a question in the terminal."""
    from qa.answer import answer
    from qa.ingest import publish

    settings = read_settings()
    index = publish(settings.corpus, settings.index)
    result = answer(question, index, conditions=condition, limit=settings.results)
    if as_json:
        import orjson

        sys.stdout.buffer.write(orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    else:
        click.echo(as_text(result))


def as_text(answer: Answer) -> str:
    """The answer for a terminal: notices, what was understood, then each passage with its support and notes."""
    lines = [f"! {notice.title}: {notice.text}" for notice in answer.notices]
    lines += [f"(read '{c.written}' as '{c.read_as}')" for c in answer.interpretation.corrections]
    if answer.abstention:
        lines += ["", f"No answer: {answer.abstention.message}"]
        nearest = answer.abstention.nearest
        lines += ["", "Nearest passages, which are not an answer:"] if nearest else []
        return "\n".join(lines + [line for hit in nearest for line in hit_lines(hit, answer)])
    if answer.missing:
        lines += ["", f"Not found in the first passage: {', '.join(answer.missing)}"]
    return "\n".join(lines + [line for hit in answer.answers for line in hit_lines(hit, answer)])


def hit_lines(hit: Hit, answer: Answer) -> list[str]:
    """A passage for a terminal: place, sentences (those that answer with a `>`), support and notes below each."""
    title = next(d.title for d in answer.documents if d.id == hit.document)
    lines = ["", f"{hit.rank}. {' > '.join((title, *hit.heading_path))}"]
    for sentence in hit.sentences:
        lines.append(f"   {'>' if sentence.answers else ' '} {hit.text[sentence.start : sentence.end]}")
        lines.append(f"       [{support_line(sentence.support)}]")
        lines += [f"       Note ({note.status}, {note.date}): {note.text}" for note in sentence.notes]
    return lines


def support_line(support: ShownSupport) -> str:
    """How a sentence is supported, in a few words."""
    if support.status == "cited":
        return f"cites {', '.join(support.references) or 'a work that could not be resolved'}"
    if support.status == "inherited":
        return "; ".join(f"carries on {i.reference} from: {i.text}" for i in support.inherited)
    if support.status == "named_source":
        return f"names without a reference: {'; '.join(s.text for s in support.named_sources)}"
    return "no source given"
