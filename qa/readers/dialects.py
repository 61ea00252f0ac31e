"""What MyST, Quarto, pandoc and bookdown add to Markdown: blocks within fences whose content is text."""

from __future__ import annotations

import re
from collections.abc import Iterator

DIVISION = re.compile(r"[ \t]*:{3,}[ \t]*(?:\{.*\}|[\w.-]+(?:[ \t]+\{.*\})?)?[ \t]*:*[ \t]*")
FENCE = re.compile(r"[ \t]{0,3}(?P<sign>`{3,}|~{3,})[ \t]*(?P<about>.*)")
# Directives of text. Others, such as {code-cell}, {math} and {r}, hold code.
DIRECTIVE = re.compile(
    r"\{(?:note|warning|tip|hint|important|attention|caution|danger|error|seealso|admonition|margin|sidebar|aside|topic|"
    r"epigraph|pull-quote|quote|highlights|dropdown|card|grid|grid-item|tab-set|tab-item|exercise|solution|"
    r"(?:prf:)?(?:theorem|proof|lemma|definition|corollary|proposition|remark|example|axiom|conjecture|algorithm|"
    r"criterion|observation|property|assumption)|versionadded|versionchanged|deprecated|glossary|toggle)[\w-]*\}.*"
)
OPTION = re.compile(r"[ \t]*:[\w-]+:.*")
IDENTIFIER_OF_DIVISION = re.compile(r"\{[^}]*#([^\s{}]+)")
LINE_WITH_END = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")


def without_fences(text: str) -> str:
    """The text, as long as before, with blanks instead of the lines that open and close divisions and directives."""
    return "".join(without_fence_lines(text))


def without_fence_lines(text: str) -> Iterator[str]:
    directives: list[str] = []  # signs of the open ones
    code, options = "", False
    for match in LINE_WITH_END.finditer(text):
        line = match[0].rstrip("\r\n")
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
            hidden = options or bool(DIVISION.fullmatch(line))
        yield (" " * len(line) + match[0][len(line) :]) if hidden else match[0]


def closes(fence: re.Match[str], sign: str) -> bool:
    return fence["sign"].startswith(sign) and not fence["about"]


def is_fence_line(line: str) -> bool:
    """Whether a line, which is in no block, opens or closes a division or a directive or is an option of one."""
    return bool(DIVISION.fullmatch(line) or FENCE.fullmatch(line) or OPTION.fullmatch(line))


def id_of_division(line: str) -> str | None:
    """The id that a line gives to the text below it: "::: {#ref-reyes2019 .csl-entry}"."""
    found = IDENTIFIER_OF_DIVISION.search(line) if DIVISION.fullmatch(line) else None
    return found[1] if found else None
