"""The commands for owners of documents: `qa init`, `qa add`, `qa check`, `qa suggest`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cache import open_cache
from qa.console import report_errors, report_skipped, show_rows, skip_broken_option
from qa.errors import BadSetting, CorpusError
from qa.messages import say
from qa.settings import read_settings
from qa.text.characters import visible

if TYPE_CHECKING:
    from qa.corpus import Corpus
    from qa.indexing.ingest import Annotated


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@report_errors
def init(folder: Path | None) -> None:
    """Write documents.toml, site.toml and notices.toml for the documents in a folder, to be corrected.

    FOLDER is the folder with the documents (default: QA_CORPUS). A file that is there already is never changed.
    """
    from qa.editing.starting import start_corpus

    settings = read_settings()
    for line in start_corpus(folder or settings.corpus, open_cache(settings.cache)):
        click.echo(visible(line))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@report_errors
def add(files: tuple[Path, ...]) -> None:
    """Copy documents into the corpus folder and report what was read of each.

    A file that cannot be read is not copied, and the exit status is 1.
    """
    from qa.editing.adding import add_file

    settings, failed = read_settings(), False
    kept = open_cache(settings.cache)
    for file in files:
        try:
            for line in add_file(file, settings.corpus, kept):
                click.echo(visible(line))
        except CorpusError as error:
            failed = True
            click.echo(visible(str(error)), err=True)
    sys.exit(1 if failed else 0)


@click.command()
@click.option("--ledger", is_flag=True, help="List every sentence with its place, support and source.")
@click.option(
    "--since",
    metavar="VERSION|FOLDER",
    help="List what changed since a version stored by qa serve (QA_VERSIONS), or since another corpus folder.",
)
@click.option("--fix", is_flag=True, help="First correct what is mechanical, and list what was corrected.")
@click.option("--dry-run", is_flag=True, help="With --fix: print the differences and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@skip_broken_option
@report_errors
def check(ledger: bool, since: str | None, fix: bool, dry_run: bool, as_json: bool, skip_broken: bool) -> None:
    """Report what to fix before publishing. The exit status is 1 if there are errors."""
    if dry_run and not fix:
        raise click.UsageError("--dry-run goes with --fix.")
    if fix and fix_files(dry_run=dry_run):
        return
    from qa.corpus import look_at_corpus, open_corpus
    from qa.editing import changes, snapshots
    from qa.editing.ledger import ledger as ledger_of
    from qa.indexing.ingest import annotate, annotate_each

    settings = read_settings()
    kept = open_cache(settings.cache)
    skip_broken = skip_broken or settings.skip_broken
    if not (ledger or since):
        corpus = look_at_corpus(settings.corpus)
        report_check(corpus, annotate_each(corpus, kept=kept), as_json=as_json, skip_broken=skip_broken)
        return
    annotated = annotate(open_corpus(settings.corpus), skip_broken=skip_broken, kept=kept)
    for fault in annotated.skipped:
        report_skipped(fault)
    if ledger:
        show_rows(list(ledger_of(annotated)), as_json)
    elif since:
        folder = Path(since) if Path(since).is_dir() else snapshots.find(settings.versions, since)
        old = annotate(open_corpus(folder), skip_broken=True, kept=kept)
        for fault in old.skipped:
            report_skipped(fault)
        changed = changes.compare(old.documents, annotated.documents)
        show_rows(changed, as_json)
        click.echo(f"changes since {since}: {len(changed)}", err=True)


def fix_files(*, dry_run: bool) -> bool:
    """Correct what is mechanical and list it; with `dry_run` print the differences only, and return True."""
    from qa.editing.fixing import differences, fix_folder

    settings = read_settings()
    kept = open_cache(settings.cache)
    if dry_run:
        for line in differences(settings.corpus, kept):
            click.echo(visible(line))
        click.echo(say("fix.dry"), err=True)
    else:
        for fix in fix_folder(settings.corpus, kept):
            click.echo(visible(say("fix.fixed", fix=fix)), err=True)
    return dry_run


def report_check(corpus: Corpus, annotated: Annotated, *, as_json: bool, skip_broken: bool) -> None:
    """Print what must be fixed, and exit with 1 if it includes an error. With `skip_broken`, documents that cannot be
    read are only named."""
    from qa.editing.check import check, without_broken
    from qa.editing.findings import as_report, numbers_of

    if skip_broken:
        annotated, broken = without_broken(annotated)
        for fault in broken:
            report_skipped(fault)
    findings = check(corpus, annotated)
    show_rows(findings if as_json else list(as_report(findings, annotated.documents)), as_json)
    click.echo(numbers_of(findings), err=True)
    sys.exit(1 if any(finding.severity == "error" for finding in findings) else 0)


@click.command()
@report_errors
def suggest() -> None:
    """Print entries for your lists of words, made from the documents, as TOML to edit."""
    from qa.corpus import open_corpus
    from qa.editing.suggest import suggestions
    from qa.indexing.ingest import annotate

    settings = read_settings()
    corpus = open_corpus(settings.corpus)
    annotated = annotate(corpus, skip_broken=True, kept=open_cache(settings.cache))
    click.echo(visible("\n".join(suggestions(corpus, annotated.documents))))


@click.command()
@click.option("--judgments", "form", flag_value="judgments", help="Print lines for questions.jsonl, to be checked.")
@click.option("--words", "form", flag_value="words", help="Print the words that no document has, as TOML to edit.")
@report_errors
def questions(form: str | None) -> None:
    """List what readers asked without a sure answer, and what they said of answers (QA_FEEDBACK)."""
    from qa.corpus import open_corpus
    from qa.editing.questions import as_judgments, as_list, as_words
    from qa.feedback import FeedbackFolder
    from qa.indexing.ingest import annotate

    settings = read_settings()
    if settings.feedback is None:
        raise BadSetting(say("questions.off"))
    folder = FeedbackFolder(settings.feedback)
    records = list(folder.read())
    if form is None:
        lines = list(as_list(records, list(folder.objections())))
        click.echo(visible("\n".join(lines or [say("questions.none")])))
        return
    annotated = annotate(open_corpus(settings.corpus), skip_broken=True, kept=open_cache(settings.cache))
    click.echo(visible("\n".join((as_judgments if form == "judgments" else as_words)(records, annotated.documents))))


COMMANDS = (init, add, check, suggest, questions)
