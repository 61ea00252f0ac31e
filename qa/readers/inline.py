"""Markup within a block of Markdown: escapes, emphasis, links, tags, superscripts, as spans of the text that are hidden
and styles of the text that remains. The grammar is CommonMark's, with what pandoc, wikis and note-taking programs add.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape

from qa.models import Span, StyleKind
from qa.readers.emphasis import as_run, pair_runs
from qa.readers.inline_grammar import ATTRIBUTES, DESTINATION, INLINE_TOKEN, LABEL_OF_LINK, SPECIAL
from qa.readers.inline_keys import read_key, read_literal, read_role, read_template, show_role
from qa.readers.inline_markup import Markup, fold_label, hide_all

BACK_LINKS = frozenset({"^", "↑", "↩", "↩︎", "¶", "§"})
TAG_STYLES: dict[str, StyleKind] = {
    "sup": "raised", "sub": "lowered", "em": "emphasis", "i": "emphasis", "b": "strong", "strong": "strong",
    "code": "code", "s": "struck", "del": "struck",
}  # fmt: skip
ROLE_BEFORE = re.compile(r"(?<![\w:])(?::([A-Za-z][\w.+-]*)((?::[\w.+-]+)*):)\Z")
AFTER_MARK = re.compile(r"_(?![\w*_])")
LONGEST_ROLE = 60  # characters
HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


def read_inline(text: str, start: int, end: int, addresses: Mapping[str, str]) -> Markup:
    """The inline markup of `text[start:end]`, which is one block."""
    found = Markup(text, start, end, addresses)
    place = start
    while special := SPECIAL.search(text, place, end):
        match = INLINE_TOKEN.match(text, special.start(), end)
        place = HANDLERS[match.lastgroup or ""](found, match) if match and match.lastgroup else special.end()
    for before, after, kind in pair_runs(found.runs):
        found.style(before.end, after.start, kind)
        found.hide(*before)
        found.hide(*after)
    found.hidden.sort()
    found.styles.sort()
    return found


def skip(found: Markup, match: re.Match[str]) -> int:
    return match.end()


def read_escape(found: Markup, match: re.Match[str]) -> int:
    found.hide(match.start(), match.start() + 1)
    return match.end()


def read_highlight(found: Markup, match: re.Match[str]) -> int:
    found.surround(match, "inhighlight", "strong")
    return match.end()


def read_line_break(found: Markup, match: re.Match[str]) -> int:
    if match[0] == "\\":
        return hide_all(found, match)
    found.style(*match.span(), "shown", "\n")
    return match.end()


def read_entity(found: Markup, match: re.Match[str]) -> int:
    if (shown := unescape(match[0])) != match[0]:
        found.style(*match.span(), "shown", shown.replace("\xa0", " "))
    return match.end()


def read_code(found: Markup, match: re.Match[str]) -> int:
    """Code, or a role of reStructuredText, :cite:p:`key`, which shows what it is about."""
    role = ROLE_BEFORE.search(found.text, max(found.start, match.start() - LONGEST_ROLE), match.start())
    if role is None:
        found.surround(match, "incode", "code")
        found.hide(match.end(), match.end() + found.text.startswith("_", match.end()))
        return match.end()
    found.hide(*role.span())
    return show_role(found, match, "incode", role[1])


def read_named(found: Markup, match: re.Match[str]) -> int:
    """A link of reStructuredText: `words <address>`_"""
    found.surround(match, "innamed", "link")
    found.styles[-1] = found.styles[-1]._replace(value=match["toward"])
    return match.end()


def read_raised(found: Markup, match: re.Match[str]) -> int:
    found.surround(match, "inpower" if match["power"] else "insup", "raised")
    return match.end()


def read_lowered(found: Markup, match: re.Match[str]) -> int:
    found.surround(match, "insub", "lowered")
    return match.end()


def read_address(found: Markup, match: re.Match[str]) -> int:
    shut = found.text.index(">", match.end())
    found.hide(*match.span())
    found.hide(shut, shut + 1)
    return shut + 1


def read_wiki(found: Markup, match: re.Match[str]) -> int:
    """[[Page|words]]: what is shown is the words, or else the page."""
    found.hide(match.start(), match.end("page") if match["page"] else match.start() + 2)
    found.hide(match.end() - 2, match.end())
    return match.end()


def read_tag(found: Markup, match: re.Match[str]) -> int:
    name = match["name"].lower()
    found.hide(*match.span())
    if not match["shut"]:
        href = HREF.search(match["attributes"])
        found.tags.append((name, match.end(), next(filter(None, href.groups()), "") if href else ""))
        return match.end()
    for index in range(len(found.tags) - 1, -1, -1):
        opened, start, address = found.tags[index]
        if opened == name:
            del found.tags[index:]
            if name in TAG_STYLES:
                found.style(start, match.start(), TAG_STYLES[name])
            elif name == "a" and address.startswith("#") and found.text[start : match.start()].strip() in BACK_LINKS:
                found.hide(start, match.start())
            elif name == "a" and address:
                found.style(start, match.start(), "link", unescape(address))
            break
    return match.end()


def read_open(found: Markup, match: re.Match[str]) -> int:
    found.brackets.append(match.start())
    return match.end()


def read_shut(found: Markup, match: re.Match[str]) -> int:
    """The end of a bracket: of a link, of a span with attributes, or of a bracket that is text, which is a mark of
    reStructuredText if an underscore follows."""
    if AFTER_MARK.match(found.text, match.end(), found.end):
        found.hide(match.end(), match.end() + 1)
    if not found.brackets:
        return match.end()
    opened, shut = found.brackets.pop(), match.start()
    if attributes := ATTRIBUTES.match(found.text, match.end(), found.end):
        found.hide(opened, opened + 1)
        found.hide(shut, attributes.end())
        return attributes.end()
    words = found.text[opened + 1 : shut]
    if words[:1] in ("^", "@") and "](" not in words:
        return match.end()
    if destination := DESTINATION.match(found.text, match.end(), found.end):
        return end_link(found, opened, shut, destination, (destination["a"] or destination["b"] or ""))
    label = LABEL_OF_LINK.match(found.text, match.end(), found.end)
    address = found.addresses.get(fold_label((label["id"] if label else "") or words))
    if address is None:
        return match.end()
    if label:
        return end_link(found, opened, shut, label, address)
    found.style(opened + 1, shut, "link", address)
    return match.end()


def end_link(found: Markup, opened: int, shut: int, tail: re.Match[str], address: str) -> int:
    """Hide the signs of a link around its words. A number that links within the document is a mark in brackets; a link
    from an entry back to its marks is hidden."""
    words = found.text[opened + 1 : shut].strip("*_\\ ")
    inward = address.startswith("#")
    if inward and (words in BACK_LINKS or (len(words) == 1 and words.isalpha() and "ref" in address)):
        found.hide(opened, tail.end())
        return tail.end()
    if not (inward and words.isdecimal()):
        found.hide(opened, opened + 1)
    found.hide(shut + (inward and words.isdecimal()), tail.end())
    found.style(opened + 1, shut, "link", unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", address)))
    return tail.end()


def read_emphasis(found: Markup, match: re.Match[str]) -> int:
    found.runs.append(as_run(found.text, Span(*match.span()), Span(found.start, found.end)))
    return match.end()


HANDLERS: dict[str, Callable[[Markup, re.Match[str]], int]] = {
    "literal": read_literal,
    "template": read_template,
    "highlight": read_highlight,
    "remark": hide_all,
    "role": read_role,
    "key": read_key,
    "escape": read_escape,
    "line": read_line_break,
    "named": read_named,
    "code": read_code,
    "comment": hide_all,
    "address": read_address,
    "tag": read_tag,
    "entity": read_entity,
    "power": read_raised,
    "math": skip,
    "image": hide_all,
    "embed": hide_all,
    "wiki": read_wiki,
    "sup": read_raised,
    "sub": read_lowered,
    "open": read_open,
    "shutting": read_shut,
    "run": read_emphasis,
}
