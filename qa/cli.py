"""The command line: `qa serve`, `qa ask`, `qa check`. Each command is a thin coat over the package."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from qa import __version__
from qa.errors import CorpusError, QAError
from qa.settings import read_settings
from qa.terminal import as_text
from qa.text.characters import visible, visible_json


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """A fault that we foresaw ends the command with one line, never with a stack trace."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except QAError as error:
            raise click.ClickException(visible(str(error))) from None
        except BrokenPipeError:  # whoever reads has seen enough, as `head` has; click ends quietly
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(visible(f"{place}{error.strerror or error}")) from None

    return run


def tell_skipped(fault: CorpusError) -> None:
    """A work or document that was left out, beside what is printed."""
    click.echo(visible(f"skipped: {fault}"), err=True)


def columns() -> int | None:
    """The width of the terminal; None where the output goes elsewhere and COLUMNS does not ask for a width."""
    return get_terminal_size((0, 0)).columns or None


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Answers from your own documents, word for word, each with the citations behind it."""


skip_broken_option = click.option(
    "--skip-broken",
    is_flag=True,
    help="Leave out documents that cannot be read, naming each (default: QA_SKIP_BROKEN).",
)


@main.command()
@click.option("--host", help="Address to listen on (default: QA_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (default: QA_PORT).")
@click.option("--watch", is_flag=True, help="Take up the corpus folder whenever it changes.")
@skip_broken_option
@plainly
def serve(host: str | None, port: int | None, watch: bool, skip_broken: bool) -> None:
    """Serve the page and the JSON API. SIGHUP takes up a changed corpus folder."""
    from qa.server import serve

    settings = read_settings()
    serve(
        settings,
        host or settings.host,
        port or settings.port,
        watch=watch,
        skip_broken=skip_broken or settings.skip_broken,
    )


@main.command()
@click.argument("question")
@click.option("--condition", multiple=True, help="Id of a condition to keep to; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option(
    "--export",
    type=click.Choice(["bib", "ris", "json"]),
    help="Print what is quoted, with its works, for a reference manager.",
)
@skip_broken_option
@plainly
def ask(question: str, condition: tuple[str, ...], as_json: bool, export: str | None, skip_broken: bool) -> None:
    """Ask a question in the terminal.

    Ends with 0 whenever the question could be asked, also where the documents do not answer it.
    """
    from qa.answering.answer import answer
    from qa.indexing.ingest import publish

    settings = read_settings()
    skip_broken |= settings.skip_broken
    index = publish(settings.corpus, settings.index, skip_broken=skip_broken, tell=tell_skipped)
    result = answer(
        question,
        index,
        conditions=condition,
        limit=settings.results,
        refuse_below=settings.refuse_below,
        partial_below=settings.partial_below,
    )
    if export:
        from qa.citations.export import EXPORTS
        from qa.views.quotations import works_of

        click.echo(EXPORTS[export](works_of(result)), nl=False)
    elif as_json:
        print_json(result)
    else:
        click.echo(visible(as_text(result, columns())))


@main.command()
@click.option("--ledger", is_flag=True, help="Print one line a sentence: place, status, what supports it, words.")
@click.option(
    "--since",
    metavar="VERSION|FOLDER",
    help="Print what changed since a version that qa serve has kept (QA_VERSIONS), or since the corpus in a folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@skip_broken_option
@plainly
def check(ledger: bool, since: str | None, as_json: bool, skip_broken: bool) -> None:
    """Say what an editor must know before publishing. Ends with 1 when something must be put right."""
    from qa.corpus import open_corpus
    from qa.editing import changes, check, snapshots
    from qa.editing.ledger import ledger as ledger_of
    from qa.indexing.ingest import annotate

    settings = read_settings()
    corpus = open_corpus(settings.corpus)
    annotated = annotate(corpus, skip_broken=skip_broken or settings.skip_broken)
    for fault in annotated.skipped:
        tell_skipped(fault)
    if ledger:
        show_rows(list(ledger_of(annotated)), as_json)
    elif since:
        folder = Path(since) if Path(since).is_dir() else snapshots.find(settings.versions, since)
        old = annotate(open_corpus(folder), skip_broken=True)
        for fault in old.skipped:
            tell_skipped(fault)
        changed = changes.compare(old.documents, annotated.documents)
        show_rows(changed, as_json)
        click.echo(f"{len(changed)} change(s) since {since}", err=True)
    else:
        findings = check.check(corpus, annotated)
        show_rows(findings if as_json else list(check.as_report(findings)), as_json)
        errors = sum(finding.severity == "error" for finding in findings)
        click.echo(f"{errors} error(s), {len(findings) - errors} warning(s)", err=True)
        sys.exit(1 if errors else 0)


@main.command()
@click.argument("judgments", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--split", help="Which file of a collection's qrels to take, when it has several.")
@click.option("--floor", "floors", multiple=True, type=(str, float), help="Fail below this, as in --floor first 0.9.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the values here, to compare with.")
@click.option(
    "--compare", "earlier", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A run saved before."
)
@click.option("--wrong", is_flag=True, help="List the questions that went wrong, each with its words not found.")
@skip_broken_option
@plainly
def evaluate(
    judgments: Path | None,
    split: str | None,
    wrong: bool,
    floors: Sequence[tuple[str, float]],
    save: Path | None,
    earlier: Path | None,
    skip_broken: bool,
) -> None:
    """Measure the answers against JUDGMENTS: a questions.jsonl (the corpus's own when not given) or a folder in the
    layout of BEIR."""
    try:
        from qa.editing import collections, evaluate, measures, scorecard
    except ModuleNotFoundError as error:
        message = f"needs {error.name}. Use ./run qa evaluate, or: pip install 'chapter-and-verse[evaluate]'."
        raise click.ClickException(message) from None
    from qa.indexing.ingest import publish

    settings = read_settings()
    skip_broken |= settings.skip_broken
    before = measures.read_run(earlier) if earlier else None
    judgments = judgments or settings.corpus / "questions.jsonl"
    if judgments.is_dir():
        if wrong:
            message = "--wrong lists questions of a questions.jsonl; a folder has none that are answered."
            raise click.ClickException(message)
        report = collections.evaluate_collection(judgments, split)
    else:
        report = evaluate.evaluate_questions(
            evaluate.load_judgments(judgments),
            publish(settings.corpus, settings.index, skip_broken=skip_broken, tell=tell_skipped),
            refuse_below=settings.refuse_below,
            partial_below=settings.partial_below,
        )
    click.echo(visible("\n".join(scorecard.as_lines(report))))
    if wrong:
        show_rows(report.wrong, as_json=False)
    if before is not None:
        show_rows(measures.compare_runs(before, report.values), as_json=False)
    if save:
        measures.save_run(report, save)
    if missed := measures.below_floors(report, dict(floors)):
        raise click.ClickException("; ".join(missed))


def show_rows(rows: Sequence[object], as_json: bool) -> None:
    """Rows as JSON, or one line each as they put themselves."""
    if as_json:
        print_json(rows)
    elif rows:
        click.echo(visible("\n".join(map(str, rows))))


def print_json(value: object) -> None:
    import orjson

    sys.stdout.buffer.write(visible_json(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)))
