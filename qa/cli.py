"""The command line: `qa serve`, `qa ask`, `qa check`, `qa evaluate`. Each command is a thin layer over the package."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from qa import __version__
from qa.console import print_json, report_errors, report_skipped, show_rows, skip_broken_option
from qa.index_commands import index
from qa.messages import say
from qa.owner_commands import COMMANDS
from qa.settings import read_settings, settings_gone
from qa.terminal import as_text
from qa.text.characters import visible

if TYPE_CHECKING:
    from qa.engine import Service


def report_progress(done: int, total: int) -> None:
    """Show on one line of a terminal how many texts have been encoded."""
    if sys.stderr.isatty():
        click.echo(f"\r{say('progress.encoding', done=done, total=total)}", err=True, nl=done == total)


def opened(skip_broken: bool) -> Service:
    """Return the service that the settings name."""
    from qa.engine import open_service

    settings = read_settings()
    chosen = {"skip_broken": skip_broken or settings.skip_broken}
    return open_service(settings.model_copy(update=chosen), tell=report_skipped, progress=report_progress)


def columns() -> int | None:
    """Return the terminal width; None if the output is not a terminal and COLUMNS is not set."""
    return get_terminal_size((0, 0)).columns or None


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Answer questions with passages from your own documents, word for word, with their citations."""
    for name in settings_gone():
        click.echo(say("setting.gone", name=name), err=True)


for command in (*COMMANDS, index):
    main.add_command(command)


@main.command()
@click.option("--host", help="Address to listen on (default: QA_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (default: QA_PORT).")
@click.option("--watch", is_flag=True, help="Reload the corpus when its files change.")
@skip_broken_option
@report_errors
def serve(host: str | None, port: int | None, watch: bool, skip_broken: bool) -> None:
    """Serve the page and the JSON API. Send SIGHUP to reload the corpus."""
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
@click.option("--condition", multiple=True, help="Id of a condition to filter by; can be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option(
    "--export",
    type=click.Choice(["bib", "ris", "json", "ama", "vancouver", "apa", "md"]),
    help="Print the quoted passages and the works they cite, for a reference manager.",
)
@skip_broken_option
@report_errors
def ask(question: str, condition: tuple[str, ...], as_json: bool, export: str | None, skip_broken: bool) -> None:
    """Ask a question in the terminal.

    The exit status is 0 whether or not the documents answer the question.
    """
    service = opened(skip_broken)
    result = service.ask(question, condition)
    if export:
        click.echo(service.export(result, export), nl=False)
    elif as_json:
        print_json(result)
    else:
        click.echo(visible(as_text(result, columns())))


@main.command()
@click.argument("judgments", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--split", help="Name of the qrels file to use, if there are several.")
@click.option(
    "--floor", "floors", multiple=True, type=(str, float), help="Fail if a measure is lower, e.g. --floor first 0.9."
)
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Save the measures to this file.")
@click.option(
    "--compare",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with the measures saved by --save.",
)
@click.option(
    "--wrong", is_flag=True, help="List the questions with a wrong result, each with the words that were not found."
)
@skip_broken_option
@report_errors
def evaluate(
    judgments: Path | None,
    split: str | None,
    wrong: bool,
    floors: Sequence[tuple[str, float]],
    save: Path | None,
    earlier: Path | None,
    skip_broken: bool,
) -> None:
    """Measure the answers against questions with known answers.

    JUDGMENTS is a questions.jsonl file (default: the corpus's own) or a folder in BEIR layout.
    """
    try:
        from qa.editing import collections, evaluate, measures, scorecard
    except ModuleNotFoundError as error:
        message = (
            f"{error.name} is not installed. Use ./run qa evaluate, or: pip install 'chapter-and-verse[evaluate]'."
        )
        raise click.ClickException(message) from None
    settings = read_settings()
    before = measures.read_run(earlier) if earlier else None
    judgments = judgments or settings.corpus / "questions.jsonl"
    if judgments.is_dir():
        if wrong:
            message = "--wrong needs a questions.jsonl file: only the ranking is measured on a folder in BEIR layout."
            raise click.ClickException(message)
        report = collections.evaluate_collection(judgments, settings, split)
    else:
        report = evaluate.evaluate_questions(evaluate.load_judgments(judgments), opened(skip_broken))
    click.echo(visible("\n".join(scorecard.as_lines(report))))
    if wrong:
        show_rows(report.wrong, as_json=False)
    if before is not None:
        show_rows(measures.compare_runs(before, report.values), as_json=False)
    if save:
        measures.save_run(report, save)
    if missed := measures.below_floors(report, dict(floors)):
        raise click.ClickException("; ".join(missed))
