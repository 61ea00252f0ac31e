"""Pages as common systems make them, written around the text of an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from qa.models import Block, Link, Reading

PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+−=()ni")
RAISED = re.compile(r"[⁰¹²³⁴-ⁿⁱ]+")
BEFORE = """<div id="cookie-consent"><p>We use cookies to improve your experience on this website and to show you what
you may like. <a href="#main">Skip to content</a></p></div><header class="site-header"><nav><ul><li><a href="/">Home</a>
</li><li><a href="/about">About us</a></li><li><a href="/topics">Treatments and conditions</a></li></ul></nav></header>
<div class="sidebar"><h3>Popular posts</h3><ul><li><a href="/x">Ten things that you should know about sleep</a></li>
<li><a href="/y">How we review the evidence</a></li></ul></div>"""
AFTER = """<div class="related-posts"><h3>You might also like</h3><p>Another article about something that is entirely
different from this one, with a long text that invites to read it.</p></div><section id="comments"><h3>2 comments</h3>
<p>Anna: I took this for years and it cured me completely, everybody should try it.</p></section><footer><p>Copyright
2024 The Example Trust. Registered charity number 123456.</p></footer><script>var refs = [1, 2, 3];</script>"""


@dataclass(frozen=True)
class Dress:
    """How a system writes a mark (the link, its printed words, the number of its entry, how often it was cited before),
    an entry (its id, its words, its number) and a list of entries, and what it puts around an article."""

    mark: Callable[[Link, str, int, int], str]
    entry: Callable[[str, str, int], str]
    entries: str
    around: str


def wiki_mark(link: Link, words: str, number: int, before: int) -> str:
    id = link.targets[0]
    inner = f'<span class="cite-bracket">[</span>{number}<span class="cite-bracket">]</span>'
    return f'<sup id="cite_ref-{id}_{before}" class="reference"><a href="#cite_note-{id}">{inner}</a></sup>'


def wiki_entry(id: str, words: str, number: int) -> str:
    back = f'<span class="mw-cite-backlink"><b><a href="#cite_ref-{id}_0">^</a></b></span>'
    return f'<li id="cite_note-{id}">{back} <span class="reference-text"><cite>{words}</cite></span></li>'


def blog_mark(link: Link, words: str, number: int, before: int) -> str:
    id = link.targets[0]
    return f'<sup class="footnote"><a href="#fn-{id}" id="fnref-{id}-{before}">{number}</a></sup>'


def blog_entry(id: str, words: str, number: int) -> str:
    return f'<li id="fn-{id}">{words} <a href="#fnref-{id}-0" title="back">&#8617;</a></li>'


def archive_mark(link: Link, words: str, number: int, before: int) -> str:
    inner = escape(words.translate(PLAIN))
    linked = f'<a href="#{link.targets[0]}" rid="{link.targets[0]}" class="bibr popnode">{inner}</a>'
    return f"<sup>{linked}</sup>" if RAISED.match(words) else linked


def archive_entry(id: str, words: str, number: int) -> str:
    outside = (
        '[<a href="https://doi.org/10.5555/x">DOI</a>] [<a href="https://scholar.google.com/x">Google Scholar</a>]'
    )
    return f'<li id="{id}"><span class="label">{number}.</span><cite>{words}</cite> {outside}</li>'


DRESSES = {
    "Wikipedia": Dress(
        wiki_mark,
        wiki_entry,
        '<div class="reflist"><ol class="references">{}</ol></div>',
        '<div id="content" class="mw-body"><div id="bodyContent"><div id="mw-content-text">'
        '<div class="mw-content-ltr mw-parser-output">{}</div></div></div></div>',
    ),
    "WordPress": Dress(
        blog_mark,
        blog_entry,
        '<ol class="footnotes">{}</ol>',
        '<div id="page"><div id="primary"><article class="post"><div class="entry-content">{}<div class="sharedaddy">'
        '<h3>Share this:</h3><ul><li><a href="#">Facebook</a></li></ul></div></div></article></div></div>',
    ),
    "PubMed Central": Dress(
        archive_mark,
        archive_entry,
        '<section class="ref-list"><ul class="ref-list font-sm" style="list-style-type:none">{}</ul></section>',
        '<main id="main-content"><article><section class="body main-article-body">{}</section></article></main>',
    ),
}


def dressed(reading: Reading, dress: Dress) -> bytes:
    """A whole page with the article in it."""
    contents = "".join(
        f'<li><a href="#h{block.start}">{escape(reading.text[block.start : block.end])}</a></li>'
        for block in reading.blocks
        if block.kind == "heading"
    )
    article = f'<div id="toc" class="toc"><ul>{contents}</ul></div>' + "\n".join(Article(reading, dress).parts())
    title = escape(reading.metadata.title or "")
    head = f'<meta charset="utf-8"><title>{title} | Example Trust</title>'
    head += '<meta name="citation_publication_date" content="2014/03/05">'
    body = BEFORE + dress.around.format(article) + AFTER
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>'.encode()


class Article:
    """The blocks of an article as elements of a page."""

    def __init__(self, reading: Reading, dress: Dress) -> None:
        self.text = reading.text
        self.blocks = reading.blocks
        self.dress = dress
        self.links = {link.start: link for link in reading.links}
        entries = [block.id for block in reading.blocks if block.kind == "reference"]
        self.numbers = {id: number for number, id in enumerate(entries, start=1)}
        self.cited: Counter[str] = Counter()

    def parts(self) -> Iterator[str]:
        """Runs of entries and of items become lists."""
        run: list[str] = []
        kind = ""
        for block in (*self.blocks, None):
            if run and (block is None or block.kind != kind):
                yield (self.dress.entries if kind == "reference" else "<ul>{}</ul>").format("".join(run))
                run = []
            if block is None:
                return
            kind = block.kind
            if kind == "reference":
                words = escape(self.text[block.visible[0].start : block.end])
                run.append(self.dress.entry(block.id or "", words, self.numbers[block.id]))
            elif kind == "list_item":
                run.append(f"<li>{self.inline(block.start, block.end)}</li>")
            else:
                yield self.element(block)

    def element(self, block: Block) -> str:
        if block.kind == "table":
            return f"<table>{''.join(map(self.row, block.rows))}</table>"
        words = self.inline(block.start, block.end)
        if block.kind == "heading":
            edit = '<span class="mw-editsection">[<a href="/edit">edit</a>]</span>' if block.level != 1 else ""
            return f'<h{block.level} id="h{block.start}">{words}{edit}</h{block.level}>'
        return f"<p>{words}</p>"

    def row(self, cells: tuple[tuple[int, int], ...]) -> str:
        return f"<tr>{''.join(f'<td>{self.inline(*cell)}</td>' for cell in cells)}</tr>"

    def inline(self, start: int, end: int) -> str:
        """The text with marks as links and raised characters in elements of their own."""
        pieces: list[str] = []
        while start < end:
            link = self.links.get(start)
            raised = RAISED.match(self.text, start, end)
            if link is not None and link.end <= end:
                id = link.targets[0]
                pieces.append(
                    self.dress.mark(link, self.text[start : link.end], self.numbers.get(id, 0), self.cited[id])
                )
                self.cited[id] += 1
                start = link.end
            elif raised:
                stop = next((place for place in range(start + 1, raised.end()) if place in self.links), raised.end())
                pieces.append(f"<sup>{escape(self.text[start:stop].translate(PLAIN))}</sup>")
                start = stop
            else:
                pieces.append(escape(self.text[start]))
                start += 1
        return "".join(pieces)
