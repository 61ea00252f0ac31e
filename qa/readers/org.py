"""Org: headings, paragraphs, lists, tables, links, footnotes, and citations by key (`[cite:@key]`, `cite:key`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from qa.models import Metadata, Reading
from qa.readers.dates import date_in_words
from qa.readers.written_page import WrittenPage, as_html

HEADING = re.compile(
    r"(\*+)\s+(?:(?:TODO|DONE|NEXT|WAITING)\s+)?(?:\[#[A-Z]\]\s+)?(?P<words>.*?)(?:\s+:[\w@#%:]+:)?\s*$"
)
KEYWORD = re.compile(r"#\+(?P<name>[A-Za-z_]+):\s*(?P<value>.*)")
BLOCK = re.compile(r"\s*#\+begin_(?P<name>\w+)\b", re.IGNORECASE)
DRAWER = re.compile(r"\s*:(?!end:)[\w-]+:\s*$", re.IGNORECASE)
PLANNING = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):")
ITEM = re.compile(r"(?P<indent>\s*)(?:[-+]|(?P<star>(?<=\s)\*)|(?P<number>\d+[.)]))\s+(?:\[[ X-]\]\s+)?(?P<words>.*)")
TABLE = re.compile(r"\s*\|(?P<cells>.*?)\|?\s*$")
RULE = re.compile(r"\s*\|[-+]+\|?\s*$")
DEFINITION = re.compile(r"\[fn:(?P<name>[\w-]+)\]\s+(?P<words>.*)")
ORG_NOTE = re.compile(r"\[fn:(?P<name>[\w-]*)(?::(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*))?\]")
CITE = re.compile(r"\[cite(?:/[\w/-]*)?:(?P<inside>[^\[\]]*)\]")
KEYS = r"(?P<keys>[\w:./&-]*\w(?:,\s?[\w:./&-]*\w)*)"
CITE_LINK = re.compile(
    rf"\[\[[a-z]*cite[a-z]*\*?:{KEYS}\](?:\[[^\[\]]*\])?\]|"
    rf"(?<![\w:/])(?:no)?cite[a-z]{{0,10}}\*?:{KEYS.replace('keys', 'bare')}"
)
LINK = re.compile(r"\[\[(?P<target>[^\[\]]+)\](?:\[(?P<words>[^\[\]]*)\])?\]")
EMPHASIS = (
    *(
        (re.compile(rf"(?<![\w\\<]){re.escape(sign)}(?=\S)([^\n]*?\S){re.escape(sign)}(?!\w)"), rf"<{tag}>\1</{tag}>")
        for sign, tag in (("*", "b"), ("/", "i"), ("~", "code"), ("+", "s"))
    ),
    (re.compile(r"(?<![\w\\])=(?=\S)([^\n=]*?\S)=(?!\w)"), r"<code>\1</code>"),
)
ORG_SCRIPTS = (
    (re.compile(r"(?<=\w)\^\{([^{}]{1,40})\}"), r"<sup>\1</sup>"),
    (re.compile(r"(?<=\w)_\{([^{}]{1,40})\}"), r"<sub>\1</sub>"),
)
MOST_LINES = 200  # of a formula, or of a list of properties
WEB = ("http:", "https:")
BARE = re.compile(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}|\$\$?[^$\n]+\$\$?|\\[(\[].*?\\[)\]]|https?://[^\s\[\]<>]+")
FORMULA_BEGINS, FORMULA_ENDS = re.compile(r"\s*\\begin\{\w+\*?\}"), re.compile(r".*\\end\{\w+\*?\}\s*$")
CODE_BLOCKS = frozenset({"src", "example", "export", "comment"})


def read_org(text: str, name: str) -> Reading:
    """Read an Org file; `name` appears in messages. Raises ReadingError."""
    page = WrittenPage()
    fields: dict[str, str] = {}
    lines = as_html(text).replace("\r\n", "\n").split("\n")
    for line in lines:
        if definition := DEFINITION.match(line):
            page.defined[definition["name"]] = inline_of_org(page, definition["words"])
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if keyword := KEYWORD.match(line):
            fields.setdefault(keyword["name"].lower(), unescape(keyword["value"].strip()))
            page.end()
        elif block := BLOCK.match(line):
            place = write_block(page, block["name"].lower(), lines, place)
        elif FORMULA_BEGINS.match(line):
            end = next((n for n in lines_from(place - 1, lines) if FORMULA_ENDS.match(lines[n])), place - 1)
            page.block("pre", "\n".join(lines[place - 1 : end + 1]))
            place = end + 1
        elif DRAWER.match(line):
            place = next((n + 1 for n in lines_from(place, lines) if lines[n].strip().lower() == ":end:"), place)
        elif TABLE.match(line):
            place = write_org_table(page, lines, place - 1)
        else:
            write_line(page, line)
    return page.reading(
        Metadata(
            title=fields.get("title") or None,
            author=fields.get("author") or None,
            date=date_in_words(fields.get("date", "").strip("<>[]")),
            language=fields.get("language", "")[:2].lower() or None,
        ),
        name,
    )


def lines_from(place: int, lines: Sequence[str]) -> range:
    """The numbers of the lines in which something that begins at `place` may end."""
    return range(place, min(place + MOST_LINES, len(lines)))


def write_line(page: WrittenPage, line: str) -> None:
    if heading := HEADING.match(line):
        page.heading(len(heading[1]), inline_of_org(page, heading["words"]))
    elif not line.strip() or line.startswith(("# ", "#+")) or DEFINITION.match(line) or PLANNING.match(line):
        page.end()
    elif item := ITEM.match(line):
        page.end()
        sign = "#" if item["number"] else "*"
        page.item("*" * min(len(item["indent"]) // 2, 5) + sign, inline_of_org(page, item["words"]))
    else:
        page.line(inline_of_org(page, line.strip()))


def write_block(page: WrittenPage, name: str, lines: list[str], place: int) -> int:
    """Write the block whose lines begin at `place`; returns the place after it."""
    page.end()
    end = next((n for n in range(place, len(lines)) if lines[n].strip().lower() == f"#+end_{name}"), len(lines))
    if name in CODE_BLOCKS:
        code = "\n".join(lines[place:end])
        page.block("pre", code) if name in ("src", "example") else page.lose(
            "Not in the text: code for other formats.", code
        )
        return end + 1
    for line in lines[place:end]:
        write_line(page, line)
    page.end()
    return end + 1


def write_org_table(page: WrittenPage, lines: list[str], place: int) -> int:
    rows: list[list[str]] = []
    heads = 0
    while place < len(lines) and (row := TABLE.match(lines[place])):
        if RULE.match(lines[place]):
            heads = heads or len(rows)
        else:
            rows.append([inline_of_org(page, cell.strip()) for cell in row["cells"].split("|")])
        place += 1
    page.table(rows, heads if heads == 1 else 0)
    return place


def inline_of_org(page: WrittenPage, html: str) -> str:
    """The marks, links and emphasis of a line."""
    kept: list[str] = []

    def keep(written: str) -> str:
        kept.append(written)
        return f"\ue000{len(kept) - 1}\ue001"

    html = CITE.sub(lambda match: keep("[" + re.sub(r"&amp;|^/\w+:", "", match["inside"]).strip() + "]"), html)
    html = CITE_LINK.sub(lambda match: keep(keys_of_org(match["keys"] or match["bare"])), html)
    html = ORG_NOTE.sub(
        lambda match: keep(page.mark(match["name"] or f"\0{len(page.notes)}", match["words"] or "")), html
    )
    html = LINK.sub(lambda match: keep(link_of_org(match)), html)
    html = BARE.sub(lambda match: keep(match[0]), html)
    for shape, tags in (*EMPHASIS, *ORG_SCRIPTS):
        html = shape.sub(tags, html)
    for number in reversed(range(len(kept))):
        html = html.replace(f"\ue000{number}\ue001", kept[number])
    return html


def keys_of_org(keys: str) -> str:
    return (
        "["
        + "; ".join(f"@{key.strip().removeprefix('amp;').lstrip('&')}" for key in keys.replace("&amp;", "").split(","))
        + "]"
    )


def link_of_org(match: re.Match[str]) -> str:
    words = match["words"] or match["target"].removeprefix("file:").removeprefix("*")
    if match["target"].startswith(WEB):
        return f'<a href="{match["target"].replace(chr(34), "%22")}">{words}</a>'
    return words
