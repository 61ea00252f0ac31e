"""What all commands share: errors as one line, rows as text or JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from qa.errors import CorpusError, QAError
from qa.text.characters import visible, visible_json

skip_broken_option = click.option(
    "--skip-broken",
    is_flag=True,
    help="Skip documents that cannot be read and name each of them (default: QA_SKIP_BROKEN).",
)


def report_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Report an expected error as one line and exit with 1; no stack trace."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except QAError as error:
            raise click.ClickException(visible(str(error))) from None
        except BrokenPipeError:  # the reader closed the pipe, as `head` does; click exits quietly
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(visible(f"{place}{error.strerror or error}")) from None

    return run


def report_skipped(fault: CorpusError) -> None:
    """Name a skipped work or document on standard error."""
    click.echo(visible(f"skipped: {fault}"), err=True)


def show_rows(rows: Sequence[object], as_json: bool) -> None:
    """Print rows as JSON, or the text of each row on its own line."""
    if as_json:
        print_json(rows)
    elif rows:
        click.echo(visible("\n".join(map(str, rows))))


def print_json(value: object) -> None:
    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    written = orjson.dumps(value, default=list, option=options)  # named tuples, e.g. spans, become lists
    sys.stdout.buffer.write(visible_json(written))
