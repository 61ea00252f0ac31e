"""MediaWiki source: headings, paragraphs, lists, tables, links and notes (`<ref>`), with templates of citations."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import unescape

from qa.models import Metadata, Reading
from qa.readers.wiki_templates import PLACE_OF_LIST, words_of_template
from qa.readers.written_page import WrittenPage, as_html

WIKI_HEADING = re.compile(r"(={1,6})\s*(?P<words>.+?)\s*\1\s*$")
ITEM = re.compile(r"(?P<signs>[*#:;]+)\s*(?P<words>.*)")
UNSEEN = re.compile(
    r"__[A-Z]+__|&lt;/?(?:noinclude|includeonly|onlyinclude|translate|tvar[^&]*|small|big|center|span|div|font|"
    r"abbr|p|u)\b[^&]{0,300}&gt;|\[\[Category:[^\[\]]*\]\]|&lt;!DOCTYPE[^&]{0,300}&gt;",
    re.DOTALL | re.IGNORECASE,
)
CODE = re.compile(
    r"&lt;(?P<tag>pre|source|syntaxhighlight|math|score|gallery|timeline)\b[^&]{0,300}&gt;", re.IGNORECASE
)
NOT_SHOWN = frozenset({"gallery", "score", "timeline"})
NOWIKI = re.compile(r"&lt;(?P<tag>nowiki)\s*(?P<closed>/)?&gt;", re.IGNORECASE)
PICTURE = re.compile(r"\[\[(?:File|Image|Media|Datei|Fichier|Archivo):(?:[^\[\]]|\[\[[^\[\]]*\]\])*\]\]", re.IGNORECASE)
WIKI_LINK = re.compile(r"\[\[:?(?:[^\[\]|]*\|)?(?P<words>[^\[\]]*?)\|?\]\]")
OUTSIDE = re.compile(r"\[(?P<address>(?:https?:)?//[^\s\[\]]+)(?:\s+(?P<words>[^\[\]\n]*))?\]")
REF_TAG = re.compile(r"&lt;(?P<tag>ref)(?P<attributes>(?:\s[^&]{0,300}?)?)\s*(?P<closed>/)?&gt;", re.IGNORECASE)
NAME = re.compile(r"name\s*=\s*[\"']?(?P<name>[^\"'/]+)", re.IGNORECASE)
PLACE_OF_NOTES = re.compile(r"&lt;(?P<tag>references)\b[^&]{0,300}?(?P<closed>/)?&gt;", re.IGNORECASE)
TEMPLATE = re.compile(r"\{\{(?P<inside>[^{}]*)\}\}")
MOST_NESTED = 20
TAGS = re.compile(r"&lt;(/?)(sub|sup|code|blockquote|kbd|tt|s|del|em|strong|i|b)\s*&gt;", re.IGNORECASE)
LINE_BREAK_TAG = re.compile(r"&lt;br\b[^&]*&gt;", re.IGNORECASE)
EMPHASIS = ((re.compile(r"'''(.+?)'''"), r"<b>\1</b>"), (re.compile(r"''(.+?)''"), r"<i>\1</i>"))
ATTRIBUTES_OF_CELL = re.compile(r"(?:\s*[\w-]+\s*=\s*(?:\"[^\"]*\"|[^\s|]+))+\s*\|(?!\|)")
# Signs of no script: what stands for HTML that is kept apart
KEPT, KEPT_END = "\ue000", "\ue001"
TEMPLATES = "Not in the text: templates of the wiki."
PICTURES = "Not in the text: pictures and what is written below them."


def read_wikitext(text: str, name: str) -> Reading:
    """Read the source of a page of MediaWiki; `name` appears in messages. Raises ReadingError."""
    page = WrittenPage()
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"{KEPT}{len(kept) - 1}{KEPT_END}"

    source = as_html(text.replace("\r\n", "\n").translate(dict.fromkeys(map(ord, KEPT + KEPT_END + PLACE_OF_LIST))))
    source = without_comments(source)
    source = replace_pairs(NOWIKI, source, lambda match, words: keep(words))
    source = replace_pairs(CODE, source, lambda match, code: keep(code_of(match["tag"].lower(), code)))
    source = UNSEEN.sub("", source)
    source = PICTURE.sub(lambda match: page.lose(PICTURES, match[0].rpartition("|")[2]), source)
    source = OUTSIDE.sub(lambda match: keep(link_of_wiki(match)), source)
    source = WIKI_LINK.sub(lambda match: match["words"], source)
    for _ in range(MOST_NESTED):
        source, changed = TEMPLATE.subn(partial(template_of, page), source)
        if not changed:
            break
    source = replace_pairs(PLACE_OF_NOTES, source, lambda match, inside: place_of_notes(page, inside))
    source = replace_pairs(REF_TAG, source, lambda match, words: keep(note_of(page, match, words)))
    write_blocks(page, source.split("\n"))
    shown = re.compile(f"{KEPT}(\\d+){KEPT_END}")
    for _ in range(MOST_NESTED):
        page.parts = [shown.sub(lambda match: kept[int(match[1])], part) for part in page.parts]
        page.notes = {key: shown.sub(lambda match: kept[int(match[1])], note) for key, note in page.notes.items()}
    return page.reading(Metadata(), name)


def replace_pairs(opening: re.Pattern[str], text: str, write: Callable[[re.Match[str], str], str]) -> str:
    """The text with each pair of tags and what is between them replaced by what `write` makes of these. A tag that
    nothing closes is left as it is. The time grows as the length."""
    done, pieces, unclosed = 0, [], set()
    for match in opening.finditer(text):
        tag = match["tag"].lower()
        if match.start() < done or tag in unclosed:
            continue
        start = end = match.end()
        if not match.groupdict().get("closed"):
            closing = re.compile(rf"&lt;/{tag}\s*&gt;", re.IGNORECASE).search(text, start)
            if closing is None:
                unclosed.add(tag)
                continue
            start, end = closing.span()
        pieces += [text[done : match.start()], write(match, text[match.end() : start])]
        done = end
    return "".join([*pieces, text[done:]])


def without_comments(text: str) -> str:
    pieces, place = [], 0
    while (start := text.find("&lt;!--", place)) >= 0 and (end := text.find("--&gt;", start)) >= 0:
        pieces.append(text[place:start])
        place = end + len("--&gt;")
    return "".join([*pieces, text[place:]])


def code_of(tag: str, code: str) -> str:
    if tag in NOT_SHOWN:
        return ""
    return f"<code>{code}</code>" if tag == "math" else f"<pre>{code}</pre>"


def link_of_wiki(match: re.Match[str]) -> str:
    address = unescape(match["address"])
    written = address.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C")
    return f'<a href="{written}">{inline_of_wiki(match["words"] or match["address"])}</a>'


def template_of(page: WrittenPage, match: re.Match[str]) -> str:
    """The words of a template, or none if it is a box or not known."""
    words = words_of_template(match["inside"])
    return page.lose(TEMPLATES, match["inside"]) if words is None else words


def note_of(page: WrittenPage, match: re.Match[str], words: str) -> str:
    named = NAME.search(match["attributes"])
    name = named["name"].strip() if named else f"\0{len(page.notes)}"
    return page.mark(name, inline_of_wiki(words.replace("\n", " ").strip()))


def place_of_notes(page: WrittenPage, inside: str) -> str:
    """Notes may be defined where they are to be shown."""

    def define(match: re.Match[str], words: str) -> str:
        if words and (named := NAME.search(match["attributes"])):
            page.defined[named["name"].strip()] = inline_of_wiki(words.replace("\n", " ").strip())
        return ""

    replace_pairs(REF_TAG, inside, define)
    return f"\n{PLACE_OF_LIST}\n"


def write_blocks(page: WrittenPage, lines: list[str]) -> None:
    place = 0
    while place < len(lines):
        line = lines[place].rstrip()
        place += 1
        if line.lstrip().startswith("{|"):
            place = write_wiki_table(page, lines, place)
        elif heading := WIKI_HEADING.match(line):
            page.heading(len(heading[1]), inline_of_wiki(heading["words"]))
        elif line == PLACE_OF_LIST:
            page.write_notes()
        elif item := ITEM.match(line):
            write_item(page, item["signs"], item["words"])
        elif not line.strip() or line.startswith("----"):
            page.end()
        else:
            page.line(inline_of_wiki(line.strip()))
    page.end()


def write_item(page: WrittenPage, signs: str, words: str) -> None:
    if not words.strip():
        return
    if signs[-1] in "*#":
        page.item(signs.replace(":", "*").replace(";", "*"), inline_of_wiki(words))
        page.end()
    else:
        page.block("p", f"<b>{inline_of_wiki(words)}</b>" if signs[-1] == ";" else inline_of_wiki(words))


def write_wiki_table(page: WrittenPage, lines: list[str], place: int) -> int:
    """Write the table whose lines begin at `place`; returns the place after it."""
    rows: list[list[str]] = [[]]
    heads: set[int] = set()
    while place < len(lines) and not lines[place].lstrip().startswith("|}"):
        line = lines[place].strip()
        place += 1
        if line.startswith("|-"):
            rows.append([])
        elif line.startswith("|+"):
            page.block("p", inline_of_wiki(ATTRIBUTES_OF_CELL.sub("", line[2:])))
        elif line.startswith(("|", "!")):
            heads |= {len(rows) - 1} if line[0] == "!" and not rows[-1] else set()
            cells = re.split(r"\|\||!!" if line[0] == "!" else r"\|\|", line[1:])
            rows[-1] += [inline_of_wiki(ATTRIBUTES_OF_CELL.sub("", f"{cell}").strip()) for cell in cells]
        elif rows[-1]:
            rows[-1][-1] += f" {inline_of_wiki(line)}"
    first = next((number for number, row in enumerate(rows) if row), 0)
    page.table([row for row in rows if row], 1 if first in heads else 0)
    return place + 1


def inline_of_wiki(html: str) -> str:
    """The emphasis and the plain tags of a line."""
    for shape, tags in EMPHASIS:
        html = shape.sub(tags, html)
    return TAGS.sub(r"<\1\2>", LINE_BREAK_TAG.sub("<br>", html)).replace("'''", "").replace("''", "")
