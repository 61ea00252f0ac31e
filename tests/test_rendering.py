"""Documents on pages: what their formats mean is shown, their markup is not, and every character is still there."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.answer import answer as ask
from qa.indexing.publish import open_published
from qa.models import Span
from qa.models.appearance import clip, moved, plain_words
from qa.readers import read_document
from qa.settings import Settings
from qa.terminal import as_text
from qa.web import create_app
from testkit.page_reading import quotations, read, texts

PAGE = """---
title: Lanes
---
# Lanes in *towns*

{content}

Nothing else is known about trams.

## References

1. Reyes A. Lanes. J Roads. 2019;4:1-9.
2. Ito B. Paint. J Roads. 2020;5:1-9.
"""


def client_of(folder: Path, content: str):
    (folder / "documents").mkdir()
    (folder / "documents" / "a.md").write_text(PAGE.format(content=content), "utf-8")
    index = open_published(folder, "memory:")
    return index, create_app(Settings(corpus=folder), index).test_client()


def seen(html: str) -> str:
    """The tags of an element, without attributes, and the words that are shown; blanks as one."""
    html = re.sub(r'<span data-shown="([^"]*)"></span>', r"\1", html)
    html = re.sub(r"<(\w+)[^>]* hidden>.*?</\1>", "", html, flags=re.DOTALL)
    html = re.sub(r"</?(?:span|mark|b)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<(\w+)(?: (?!href)[^<>]*)?>", r"<\1>", html)).split())


# fmt: off
SHOWN = [
    ("emphasis", "Lanes *reduce* **crashes** [1].", "<p>Lanes <em>reduce</em> <strong>crashes</strong> [1].</p>"),
    ("a link", "Lanes are [safe](https://example.org/a?b=1&c=2) [1].", '<p>Lanes are <a href="https://example.org/a?b=1&c=2" rel="noopener noreferrer nofollow">safe</a> [1].</p>'),
    ("a link that could run a script", "Lanes are [safe](javascript:alert(1)).", "<p>Lanes are safe.</p>"),
    ("a link with quotes in it", 'Lanes are [safe](https://example.org/"onclick="x).', "<p>Lanes are"),
    ("a mail address", "Ask [us](mailto:a@example.org).", '<a href="mailto:a@example.org" rel="noopener noreferrer nofollow">us</a>'),
    ("a character by name", "Lanes &amp; caf&eacute;s are safe.", "<p>Lanes & cafés are safe.</p>"),
    ("raised and lowered", "Lanes use 5 m^2^ and CO~2~ falls.", "<p>Lanes use 5 m<sup>2</sup> and CO<sub>2</sub> falls.</p>"),
    ("code", "Run `a < b` twice.", "<p>Run <code>a < b</code> twice.</p>"),
    ("a block of code", "```r\nlanes(5)\n```", "<div>lanes(5)</div>"),
    ("a list", "- Lanes are *safe* [1].\n- Paint is cheap [2].", "<ul><li>Lanes are <em>safe</em> [1].</li> <li>Paint is cheap [2].</li></ul>"),
    ("a list with numbers", "1. Lanes are safe [1].\n2. Paint is cheap.", "<ul><li>1. Lanes are safe [1].</li> <li>2. Paint is cheap.</li></ul>"),
    ("a table", "| kind | crashes |\n|---|---:|\n| lanes | **5** [1] |", "<table><tr><th>kind</th><th>crashes</th></tr><tr><td>lanes</td><td><strong>5</strong> [1]</td></tr></table>"),
    ("a quotation", "> Lanes are safe,\n> it was said.", "<blockquote>Lanes are safe, it was said.</blockquote>"),
    ("a heading", "Costs\n=====\n\nLanes are cheap.", "<h2>Costs</h2> <p>Lanes are cheap.</p>"),
    ("a picture is not fetched", "![a map](https://example.org/a.png)\n\nLanes are safe.", "</h2> <p>Lanes are safe.</p>"),
    ("a line of HTML", "<div class=\"x\">\n\nLanes are safe.\n\n</div>", "</h2> <p>Lanes are safe.</p> <p>Nothing"),
]
# fmt: on


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_the_reading_view_shows_what_the_format_means(tmp_path: Path, content: str, expected: str) -> None:
    _, client = client_of(tmp_path, content)
    page = client.get("/documents/a").text
    [article] = re.findall(r"<article.*?</article>", page, re.DOTALL)
    article = re.sub(r'</div></div><div class="row"><div class="text[^"]*">', "", article)
    assert expected in re.sub(r'<a href="#r\d+">(.*?)</a>', r"\1", seen(article))
    document = re.sub(r'<aside class="entry".*?</aside>', "", page, flags=re.DOTALL)  # links beside an entry
    assert texts(document, "article") == [PAGE.format(content=content)], "the text is there, character by character"
    for tag, attributes in read(page, "article").elements:
        assert tag != "img"
        assert not any(name.startswith("on") for name in attributes)
        assert not (attributes.get("href") or "").startswith("javascript:")


# fmt: off
QUOTED = [
    ("emphasis", "Trams *rarely* derail in **winter** [1].", "derail", "Trams <em>rarely</em> derail in <strong>winter</strong> [1].", "Trams rarely derail in winter [1]."),
    ("a row comes with its head", "| kind | derailed |\n|---|---|\n| trams | *9* of 10 [1] |", "trams derailed", "<table><thead><tr><th>kind</th><th>derailed</th></tr></thead><tr><td>trams</td><td><em>9</em> of 10 [1]</td></tr></table>", "kind | derailed\n"),
    ("items of a list", "1. Buses derail *never* [1].\n2. Ferries derail never.", "derail", "<ul><li>Buses derail <em>never</em> [1].</li> <li>2. Ferries derail never.</li></ul>", "Buses derail never [1]."),
]
# fmt: on


@pytest.mark.parametrize(
    ("content", "question", "expected", "printed"), [row[1:] for row in QUOTED], ids=[row[0] for row in QUOTED]
)
def test_quotations_show_what_the_format_means(
    tmp_path: Path, content: str, question: str, expected: str, printed: str
) -> None:
    index, client = client_of(tmp_path, content)
    page = client.get("/", query_string={"q": question}).text
    quote = re.findall(r"<blockquote.*?</blockquote>", page, re.DOTALL)[0]
    assert seen(re.sub(r'<a href="#work-[^"]+">(.*?)</a>', r"\1", quote)) == f"<blockquote>{expected}</blockquote>"
    answer = client.get("/api/v1/ask", query_string={"q": question}).json
    assert quotations(page) == [hit["text"] for hit in answer["answers"]], "word for word as in the file"
    for hit in answer["answers"]:
        assert hit["text"] == PAGE.format(content=content)[hit["start"] : hit["end"]]
    assert printed in as_text(ask(question, index))


@given(
    text=st.lists(
        st.sampled_from(
            [
                "*a* ",
                "**b**",
                "- c\n",
                "> d\n",
                "| e | f |\n|---|---|\n",
                "1. g\n",
                "`h`",
                "&amp;",
                "\n\n",
                "i. ",
                "[j](https://k.l)",
            ]
        ),
        max_size=12,
    ).map("".join),
    edges=st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_what_is_shown_of_a_part_is_part_of_what_is_shown(text: str, edges: tuple[int, int]) -> None:
    """Any stretch of a document, cut out and shown alone, shows nothing that the whole does not show there, and what two
    neighbouring stretches show is what both together show."""
    reading = read_document("a.md", text.encode())
    start, end = sorted(min(edge, len(text)) for edge in edges)
    whole = plain_words(text, reading.blocks, start, end)
    cut = [moved(part, -start) for block in reading.blocks if (part := clip(text, block, Span(start, end)))]
    assert plain_words(text[start:end], cut, 0, end - start) == whole
    for block in cut:
        assert 0 <= block.start < block.end <= end - start
        assert all(0 <= a <= b <= end - start for a, b in (*block.inner, *(cell for row in block.rows for cell in row)))
