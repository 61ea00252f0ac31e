"""The shapes of markup within a block of Markdown: CommonMark's, and what pandoc, MyST, wikis and note-taking programs
add. `inline.py` says what each of them means."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"[\\`<&!\[\]^~*_${@=%]")
INLINE_TOKEN = re.compile(
    r"""
    (?P<literal>\\@[\w:.-]*(?:\([^()\n]*\))?)
    |(?P<template>\{\{(?P<hugo>[<%])\s*/?(?P<inhugo>[^{}\n]{1,400}?)\s*[>%]\}\}|\{%-?\s*(?P<inliquid>[^{}%\n]{1,400}?)\s*-?%\}
        |\{\{\s*[\w.-]{1,80}(?:\s*\|[^{}\n]{0,200})?\s*\}\})
    |(?P<role>\{(?P<rolename>[A-Za-z][\w:.+-]*)\}(?P<quotes>`{1,2})(?P<inrole>[^`\n]{1,300})(?P=quotes))
    |(?P<key>(?<![\w@])@(?:[\w][\w:.\#$%&+?<>~/-]*\w|\w))
    |(?P<escape>\\[!-/:-@\[-`{-~])
    |(?P<line>\\(?=\r?\n)|<br\s*/?>)
    |(?P<named>`(?P<innamed>[^`<>\n]{1,300}?)\s*<(?P<toward>[^<>`\n]{1,300})>`__?(?!\w))
    |(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?P<incode>.{1,2000}?)(?<!`)(?P=ticks)(?!`))
    |(?P<comment><!--.*?-->)
    |(?P<address><(?=(?:https?|ftp|mailto):[^\s<>]+>))
    |(?P<tag><(?P<shut>/?)(?P<name>[A-Za-z][\w-]*)(?P<attributes>(?:\s[^<>]{0,1000})?)/?>)
    |(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
    |(?P<power>\$?\^\{(?P<inpower>[^{}\s]{1,60})\}\$?)
    |(?P<math>\$(?=\S)[^$\n]{0,400}(?<=\S)\$(?!\d)|\$\$.{1,2000}?\$\$)
    |(?P<image>!\[(?:[^\[\]]|\[[^\[\]]*\]){0,2000}\](?:\((?:[^()]|\([^()]*\)){0,2000}\)|\[[^\[\]]{0,200}\])(?:\{[^{}]{0,200}\})?)
    |(?P<embed>!\[\[[^\[\]\n]{1,300}\]\])
    |(?P<wiki>\[\[(?P<page>[^\[\]|\n]{1,200}\|)?[^\[\]|\n]{1,200}\]\](?!\())
    |(?P<highlight>(?<![=\w])==(?=[^\s=])(?P<inhighlight>[^=\n]{1,400})(?<=\S)==(?![=\w]))
    |(?P<remark>%%[^%]{1,2000}%%)
    |(?P<sup>\^(?P<insup>[^\^\s]{1,80})\^)
    |(?P<sub>(?<!~)~(?P<insub>[^~\s]{1,40})~(?!~))
    |(?P<open>\[)
    |(?P<shutting>\])
    |(?P<run>\*+|_+|~~)
    """,
    re.VERBOSE | re.DOTALL,
)
# What may follow the text of a link: (address "title"), [id], {.attributes}
DESTINATION = re.compile(
    r"\(\s*(?:<(?P<a>[^<>\n]*)>|(?P<b>(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*))(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
    r"(?:\{[^{}\n]{0,200}\})?"
)
LABEL_OF_LINK = re.compile(r"\[(?P<id>[^\[\]]{0,200})\]")
ATTRIBUTES = re.compile(r"\{\s*[#.:][^{}\n]{0,200}\}")
# A template tag that cites: of Hugo, cite "reyes2019 wu2020" "p. 3"; of Jekyll, cite reyes2019 wu2020 --locator 3
CITING_TAG = re.compile(
    r"(?:cite\w*|\w{1,8}cite\w*)\s+(?:\"(?P<quoted>[^\"]{1,300})\"|(?P<bare>[^\s\"-][^\s\"]*(?:\s+[^\s\"-][^\s\"]*)*))"
)
