"""The commands for an index on disk or in a cluster: `qa index build`, `verify`, `list`, `prune`, `promote`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.console import report_errors, report_skipped, skip_broken_option
from qa.messages import count, say
from qa.meter import Meter
from qa.settings import Settings, read_settings
from qa.text.characters import visible

if TYPE_CHECKING:
    from qa.indexes.versions import Versions


@click.group()
def index() -> None:
    """Make and look after the versions of an index on disk or in a cluster (QA_INDEX)."""


def versions_of_settings() -> Versions:
    from qa.indexes import versions_of

    url = read_settings().index
    if versions := versions_of(url):
        return versions
    raise click.ClickException(say("index.no_versions", url=url))


@index.command("build")
@click.argument("source", required=False, type=click.Path(exists=True, path_type=Path))
@skip_broken_option
@report_errors
def build_index(source: Path | None, skip_broken: bool) -> None:
    """Make a version and serve it from now on.

    SOURCE is a corpus folder (default: QA_CORPUS), or a file of ready passages: corpus.jsonl in a folder of the BEIR
    layout, or any .jsonl file with `_id`, `title` and `text` on each line. Into a cluster, the vectors are stored too.
    """
    from qa.cache import open_cache
    from qa.indexes import has_folder
    from qa.indexing.progress import watched_by
    from qa.indexing.ready import publish_ready, ready_file

    settings, versions = read_settings(), versions_of_settings()
    if source and (file := ready_file(source)):
        with watched_by(Meter("index.progress", 1e6).show):
            version = publish_ready(file, settings.index, kept=open_cache(settings.cache) if settings.cache else None)
    else:
        version = build_corpus(source or settings.corpus, settings, skip_broken or settings.skip_broken)
    if not has_folder(settings.index):
        store_vectors_of(version, settings)
    make_current(version, versions)
    click.echo(say("index.built", version=version))


def build_corpus(corpus: Path, settings: Settings, skip_broken: bool) -> str:
    """Publish a corpus folder, say what has changed in it, and return the version."""
    from qa.cache import open_cache
    from qa.indexing.changes import published_files
    from qa.indexing.progress import watched_by
    from qa.indexing.publish import publish

    kept = open_cache(settings.cache)
    before = published_files(corpus, settings.index, kept)
    with watched_by(Meter("index.documents").show):
        version = publish(corpus, settings.index, skip_broken=skip_broken, tell=report_skipped, kept=kept)
    show_changes(before, published_files(corpus, settings.index, kept))
    return version


def make_current(version: str, versions: Versions) -> None:
    """Serve a version from now on, unless it is served already, and remove old ones."""
    from qa.indexes.versions import VERSIONS_KEPT

    name = versions.named(version)
    if versions.current() != name:
        versions.promote(name)
        versions.prune(VERSIONS_KEPT)


def store_vectors_of(version: str, settings: Settings) -> None:
    """Store the vectors of a version in the cluster, so that no web machine has to make them."""
    from qa.cache import open_cache
    from qa.encoder import open_encoder
    from qa.indexing.vectors import open_with_vectors

    encoder, meter = open_encoder(settings.encoder), Meter("index.encoding")
    open_with_vectors(settings.index, version, open_cache(settings.cache), encoder, meter.show)


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
    """Read everything of a version (default: all) and report what has changed since it was made."""
    from qa.errors import IndexUnavailable

    versions, wrong = versions_of_settings(), 0
    for name in [versions.named(version)] if version else versions.names():
        try:
            number = versions.verify(name)
        except IndexUnavailable as error:
            wrong += 1
            click.echo(visible(str(error)), err=True)
        else:
            click.echo(say("index.whole", version=name, number=number))
    sys.exit(1 if wrong else 0)


@index.command("list")
@report_errors
def list_versions() -> None:
    """List the versions, the oldest first; the one that is served is marked."""
    from qa.errors import IndexUnavailable

    versions = versions_of_settings()
    names, current = versions.names(), versions.current()
    for name in names:
        mark = "*" if name == current else " "
        try:
            made, passages, size = versions.about(name)
        except IndexUnavailable as error:
            click.echo(visible(f"{mark} {name}  {error}"))
        else:
            click.echo(say("index.listed", mark=mark, version=name, made=made, number=passages, size=size))


@index.command()
@click.option("--keep", type=click.IntRange(min=1), default=3, show_default=True, help="How many versions to keep.")
@report_errors
def prune(keep: int) -> None:
    """Remove the oldest versions, but neither the one that is served nor, on disk, one that a process has open."""
    for name in versions_of_settings().prune(keep):
        click.echo(say("index.removed", version=name))


@index.command()
@click.argument("version")
@report_errors
def promote(version: str) -> None:
    """Serve a version that is there. A running service does so by itself, a second or two later."""
    versions = versions_of_settings()
    name = versions.named(version)
    versions.promote(name)
    click.echo(say("index.promoted", version=name))
