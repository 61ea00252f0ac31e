"""Markup that cites works by their keys: of pandoc, MyST, Hugo and Jekyll."""

from __future__ import annotations

import re

from qa.readers.inline_grammar import CITING_TAG
from qa.readers.inline_markup import Markup, fold_label, hide_all


def read_literal(found: Markup, match: re.Match[str]) -> int:
    """An escaped "@" begins no key of a work: "Chapter \\@ref(rain)"."""
    found.hide(match.start(), match.start() + 1)
    found.style(match.start() + 1, match.end(), "code")
    return match.end()


def read_role(found: Markup, match: re.Match[str]) -> int:
    """{cite:p}`key`: the keys are shown; of other roles, the text without its target: {doc}`the page <page>`."""
    return show_role(found, match, "inrole", match["rolename"])


def show_role(found: Markup, match: re.Match[str], inner: str, name: str) -> int:
    """Show what a role is about, which is a group of the match: keys, or text without its target."""
    start, end = match.span(inner)
    if name.lower().startswith("cite"):
        found.style(start, end, "key", match[inner])
    elif target := re.search(r"\s*<[^<>]*>\Z", match[inner]):
        end = start + target.start()
    found.hide(match.start(), start)
    found.hide(end, match.end())
    return match.end()


def read_template(found: Markup, match: re.Match[str]) -> int:
    """Tags of Hugo and Jekyll: {{< cite "key" >}} and {% cite key %} show their keys, others nothing."""
    group = "inhugo" if match["inhugo"] else "inliquid"
    cited = CITING_TAG.match(match[group]) if match[group] else None
    if cited is None:
        return hide_all(found, match)
    keys = cited.span("quoted" if cited["quoted"] else "bare")
    start, end = (match.start(group) + place for place in keys)
    found.hide(match.start(), start)
    found.style(start, end, "key", found.text[start:end])
    found.hide(end, match.end())
    return match.end()


def read_key(found: Markup, match: re.Match[str]) -> int:
    """The key of a work, which the document may define as a link: "[@tag:reyes]: doi:10.5555/12"."""
    if address := found.addresses.get(fold_label(match[0])):
        found.style(*match.span(), "link", address)
    return match.end()
