"""What MyST, Quarto, pandoc, Docusaurus, MkDocs and Obsidian add to Markdown: blocks whose content is text, within
fences, indented or quoted, with a title or none; and lines of code of MDX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.models import Span

DIVISION = re.compile(r"[ \t]*:{3,}[ \t]*(?:\{.*\}|[\w.-]+(?:[ \t]+\{.*\})?)?[ \t]*:*[ \t]*")
FENCE = re.compile(r"[ \t]{0,3}(?P<sign>`{3,}|~{3,})[ \t]*(?P<about>.*)")
# Directives of text. Others, such as {code-cell}, {math} and {r}, hold code.
DIRECTIVE = re.compile(
    r"\{(?:note|warning|tip|hint|important|attention|caution|danger|error|seealso|admonition|margin|sidebar|aside|topic|"
    r"epigraph|pull-quote|quote|highlights|dropdown|card|grid|grid-item|tab-set|tab-item|exercise|solution|"
    r"(?:prf:)?(?:theorem|proof|lemma|definition|corollary|proposition|remark|example|axiom|conjecture|algorithm|"
    r"criterion|observation|property|assumption)|versionadded|versionchanged|deprecated|glossary|toggle)[\w-]*\}.*"
)
# The first line of a note: ":::tip Title", ":::tip[Title]", "```{note} Title", '!!! note "Title"', "> [!note] Title".
CALLOUT = re.compile(
    r"[ \t]*(?::{3,}[ \t]*(?:\{[\w:-]+\}|[\w-]+)(?:[ \t]+(?P<a>[^\s{\[:].*?)|\[(?P<b>[^\[\]\n]+)\])"
    r"|[`~]{3,}[ \t]*\{[\w:-]+\}[ \t]+(?P<c>\S.*?)"
    r"|(?:!{3}|\?{3}\+?)[ \t]+[\w-]+(?:[ \t]+[\w-]+)*(?:[ \t]+\"(?P<d>[^\"\n]*)\")?"
    r"|(?:>[ \t]?)+\[![\w-]+(?:\|[^\]\n]*)?\][+-]?(?:[ \t]+(?P<e>\S.*?))?)[ \t]*"
)
INDENTED_NOTE = re.compile(r"(?:!{3}|\?{3}\+?)[ \t]")
INDENT = re.compile(r" {4}|\t")
IMPORT = re.compile(r"import\s(?:.+\sfrom\s)?[\"'][^\"']+[\"'];?")
FIRST_OF_CALLOUT = frozenset(":`~!?>")
OPTION = re.compile(r"[ \t]*:[\w-]+:.*")
IDENTIFIER_OF_DIVISION = re.compile(r"\{[^}]*#([^\s{}]+)")
LINE_WITH_END = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")


def without_fences(text: str) -> str:
    """The text with as many lines, with blanks instead of the lines that open and close divisions and directives, and
    with a heading where a note has a title, so that this is a block of its own."""
    return "".join(without_fence_lines(text))


def without_fence_lines(text: str) -> Iterator[str]:
    directives: list[str] = []  # signs of the open ones
    code, options, indented = "", False, False
    for match in LINE_WITH_END.finditer(text):
        line = match[0].rstrip("\r\n")
        end = match[0][len(line) :]
        indented = indented and (not line.strip() or bool(INDENT.match(line)))
        line = INDENT.sub("", line, count=1) if indented else line
        fence = FENCE.fullmatch(line)
        hidden = False
        if code:
            code = "" if fence and closes(fence, code) else code
        elif fence and directives and closes(fence, directives[-1]):
            directives.pop()
            hidden = True
        elif fence and DIRECTIVE.fullmatch(fence["about"]):
            directives.append(fence["sign"])
            hidden = options = True
        elif fence:
            code = fence["sign"]
        else:
            options = options and bool(OPTION.fullmatch(line))
            note = CALLOUT.fullmatch(line)
            indented = indented or bool(note and INDENTED_NOTE.match(line))
            hidden = options or bool(note or DIVISION.fullmatch(line) or IMPORT.fullmatch(line))
        if hidden and note_title(line):
            yield f"{'> ' if line.lstrip().startswith('>') else ''}# title{end}"
        else:
            yield (">" if hidden and line.lstrip().startswith(">") else "" if hidden else line) + end


def note_title(line: str) -> Span | None:
    """The place of the title in the first line of a note; None if it has none, or is no such line."""
    note = CALLOUT.fullmatch(line) if line.lstrip()[:1] in FIRST_OF_CALLOUT else None
    if note is None or not any(map(str.isalpha, note[note.lastgroup or ""] if note.lastgroup else "")):
        return None
    return Span(*note.span(note.lastgroup or 0))


def closes(fence: re.Match[str], sign: str) -> bool:
    return fence["sign"].startswith(sign) and not fence["about"]


def is_fence_line(line: str) -> bool:
    """Whether a line, which is in no block, opens or closes a division or a directive or is an option of one."""
    return any(shape.fullmatch(line) for shape in (DIVISION, FENCE, OPTION, CALLOUT, IMPORT))


def id_of_division(line: str) -> str | None:
    """The id that a line gives to the text below it: "::: {#ref-reyes2019 .csl-entry}"."""
    found = IDENTIFIER_OF_DIVISION.search(line) if DIVISION.fullmatch(line) else None
    return found[1] if found else None
