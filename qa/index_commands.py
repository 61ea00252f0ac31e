"""The commands for an index on disk: `qa index build`, `verify`, `list`, `prune`, `promote`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.console import report_errors, report_skipped, skip_broken_option
from qa.messages import count, say
from qa.meter import Meter
from qa.settings import read_settings
from qa.text.characters import visible

if TYPE_CHECKING:
    from qa.indexes.disk.folder import IndexFolder


@click.group()
def index() -> None:
    """Make and look after the versions of an index on disk (QA_INDEX=disk:FOLDER)."""


def folder_of_settings() -> IndexFolder:
    from qa.indexes import has_folder
    from qa.indexes.disk.versions import folder_of

    url = read_settings().index
    if not has_folder(url):
        raise click.ClickException(say("index.no_folder", url=url))
    return folder_of(url)


@index.command("build")
@click.argument("source", required=False, type=click.Path(exists=True, path_type=Path))
@skip_broken_option
@report_errors
def build_index(source: Path | None, skip_broken: bool) -> None:
    """Make a version and serve it from now on.

    SOURCE is a corpus folder (default: QA_CORPUS), or a file of ready passages: corpus.jsonl in a folder of the BEIR
    layout, or any .jsonl file with `_id`, `title` and `text` on each line.
    """
    from qa.cache import open_cache
    from qa.indexing.changes import published_files
    from qa.indexing.progress import watched_by
    from qa.indexing.publish import publish
    from qa.indexing.ready import publish_ready, ready_file

    settings, folder = read_settings(), folder_of_settings()
    if source and (file := ready_file(source)):
        with watched_by(Meter("index.progress", 1e6).show):
            version = publish_ready(file, settings.index, kept=open_cache(settings.cache) if settings.cache else None)
        click.echo(say("index.built", version=version))
        return
    corpus, kept = source or settings.corpus, open_cache(settings.cache)
    before = published_files(corpus, settings.index, kept)
    with watched_by(Meter("index.documents").show):
        version = publish(
            corpus, settings.index, skip_broken=skip_broken or settings.skip_broken, tell=report_skipped, kept=kept
        )
    show_changes(before, published_files(corpus, settings.index, kept))
    folder.promote(folder.named(version))
    click.echo(say("index.built", version=version))


def show_changes(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> None:
    """Name the files that have changed since the folder was published last."""
    from qa.indexing.changes import changes_between

    if before is None or after is None:
        return
    found = changes_between(before, after)
    for kind, names in (("added", found.added), ("changed", found.changed), ("removed", found.removed)):
        for name in names:
            click.echo(visible(say(f"index.file_{kind}", name=name)))
    for old, new in found.moved:
        click.echo(visible(say("index.file_moved", old=old, new=new)))
    click.echo(count("index.same", found.same))


@index.command()
@click.argument("version", required=False)
@report_errors
def verify(version: str | None) -> None:
    """Read every byte of a version (default: all) and report what has changed since it was made."""
    from qa.errors import IndexUnavailable
    from qa.indexes.disk.files import check_all

    folder, wrong = folder_of_settings(), 0
    for name in [folder.named(version)] if version else folder.names():
        try:
            contents = check_all(folder.versions / name)
        except IndexUnavailable as error:
            wrong += 1
            click.echo(visible(str(error)), err=True)
        else:
            click.echo(say("index.whole", version=name, files=len(contents.files)))
    sys.exit(1 if wrong else 0)


@index.command("list")
@report_errors
def list_versions() -> None:
    """List the versions, the oldest first; the one that is served is marked."""
    from qa.errors import IndexUnavailable
    from qa.indexes.disk.files import read_file_list

    folder = folder_of_settings()
    current = folder.current()
    for name in folder.names():
        mark = "*" if name == current else " "
        try:
            found = read_file_list(folder.versions / name)
        except IndexUnavailable as error:
            click.echo(visible(f"{mark} {name}  {error}"))
        else:
            size = sum(file.size for file in found.files)
            click.echo(say("index.listed", mark=mark, version=name, made=found.made, number=found.passages, size=size))


@index.command()
@click.option("--keep", type=click.IntRange(min=1), default=3, show_default=True, help="How many versions to keep.")
@report_errors
def prune(keep: int) -> None:
    """Remove the oldest versions, but neither the one that is served nor one that a process has open."""
    folder = folder_of_settings()
    with folder.lock():
        for name in folder.prune(keep):
            click.echo(say("index.removed", version=name))


@index.command()
@click.argument("version")
@report_errors
def promote(version: str) -> None:
    """Serve a version that is there. A running service takes it up by itself."""
    from qa.indexes.disk.files import check_all

    folder = folder_of_settings()
    with folder.lock():
        name = folder.named(version)
        check_all(folder.versions / name)
        folder.promote(name)
    click.echo(say("index.promoted", version=name))
