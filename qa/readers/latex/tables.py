r"""Tables of LaTeX: rows of cells, the first of which name the columns."""

from __future__ import annotations

from functools import partial

from qa.readers.latex.state import Cells, TexDocument
from qa.readers.latex.works import words_of_html

MOST_HEADS = 4


def begin_table(body: TexDocument, name: str) -> None:
    """A table; one in a cell of another, or in a note, only breaks lines."""
    body.source.option()
    for _ in range(2 if name in ("tabular*", "tabularx", "tabulary", "NiceTabularX") else 1):
        body.source.argument()
    output = body.output
    if output.captured:
        body.open(name)
        return
    output.flush()
    body.tables.append(Cells(depth=len(output.captured) + 1))
    output.capture()
    body.open(name, partial(end_table, body))


def table_of(body: TexDocument) -> Cells | None:
    """The table whose cell is being written."""
    return body.tables[-1] if body.tables and body.tables[-1].depth == len(body.output.captured) else None


def end_cell(body: TexDocument) -> None:
    table, output = table_of(body), body.output
    if table is None:
        output.put(" ")
        return
    html = " ".join("".join(output.words).split())
    output.words = []
    table.rows[-1] += [html, *[""] * (table.columns - 1)]
    table.columns = 1


def end_row(body: TexDocument, name: str = "") -> None:
    body.source.take("*")
    table = table_of(body)
    if table is None:
        if body.source.following() == "[":
            body.source.option()
        body.output.put(" ")
        return
    body.source.option()
    end_cell(body)
    if any(map(words_of_html, table.rows[-1])):
        table.rows.append([])
    else:
        table.rows[-1] = []


def write_rule(body: TexDocument, name: str) -> None:
    """A rule across a table: the rows above the first one below others name the columns."""
    if name in ("cline", "cmidrule"):
        if body.source.take("("):
            body.source.until(")", 20)
        body.source.argument()
        return
    if name in ("toprule", "midrule", "bottomrule", "addlinespace"):
        body.source.option()
    table = table_of(body)
    if table is not None and name != "addlinespace":
        whole = len(table.rows) - 1
        table.heads = table.heads or (whole if whole <= MOST_HEADS else 0)


def end_part_of_table(body: TexDocument, name: str) -> None:
    r"""`\endhead` and the like: what is repeated on each page is written once."""
    table = table_of(body)
    if table is None:
        return
    whole = len(table.rows) - 1
    if name == "endfirsthead" or (name == "endhead" and not table.columns_named):
        table.heads, table.columns_named = whole, True
    else:
        del table.rows[table.heads : whole]


def span_columns(body: TexDocument, name: str) -> None:
    number = body.source.argument().strip()
    body.source.argument()
    if (table := table_of(body)) is not None and number.isdecimal():
        table.columns = min(max(int(number), 1), 50)


def end_table(body: TexDocument) -> None:
    table = body.tables.pop()
    body.tables.append(table)
    end_row(body)
    body.tables.pop()
    rest = body.output.release()
    rows = [row for row in table.rows if any(map(words_of_html, row))]
    heads = table.heads if table.heads < len(rows) else 0
    if rows:
        body.output.page.table(rows, heads)
    body.output.put(rest)


def end_head(body: TexDocument, name: str) -> None:
    """The end of the head of a table of AASTeX."""
    end_row(body)
    write_rule(body, name)
