"""JATS: articles as publishers and archives keep them, with citations tied to the entries of their list."""

from __future__ import annotations

from collections.abc import Iterator

from qa.errors import ReadingError
from qa.models import Reading, Trouble
from qa.readers.jats.blocks import Blocks
from qa.readers.jats.front import read_front_matter
from qa.readers.jats.inline import Inline
from qa.readers.writer import Writer
from qa.readers.xml import Element, attribute, drop_namespaces, name_entities, parse_xml

LARGEST = 50_000_000  # bytes
COLLECTIONS = frozenset({"pmc-articleset", "pmc"})
GRAPHICAL = frozenset({"graphical", "toc", "teaser", "key-points-graphical"})
ABSTRACTS = {"summary": "Summary", "plain-language-summary": "Plain language summary"}


def read_jats(data: bytes, name: str) -> Reading:
    """Read an article; `name` appears in messages. Raises ReadingError."""
    if len(data) > LARGEST:
        raise ReadingError(name, f"is larger than {LARGEST // 1_000_000} MB. Split the file.")
    root = find_article(parse_xml(data, name), name)
    name_entities(root, name)
    writer = Writer()
    inline = Inline(writer, entry_ids(root))
    blocks = Blocks(writer, inline)
    title = write_title(root, blocks)
    for abstract in abstracts(root):
        write_abstract(abstract, blocks)
    for part in ("body", "floats-group", "back"):
        for element in root.findall(part):
            blocks.flow(element, 2)
            blocks.write_notes()
    count_left_out(root, inline)
    if inline.left_out:
        writer.trouble.append(as_trouble(inline.left_out))
    if not writer.blocks:
        raise ReadingError(name, "has no text. Save or download the file again.")
    return writer.reading(read_front_matter(root, title))


def find_article(root: Element, name: str) -> Element:
    """The article, without namespaces. Raises ReadingError if the file is none, or has several."""
    drop_namespaces(root)
    articles = list(root.iter("article")) if root.tag in COLLECTIONS else [root]
    if len(articles) > 1:
        raise ReadingError(name, f"has {len(articles)} articles. Save each in a file of its own.")
    if not articles or articles[0].tag != "article":
        message = f"is XML of another kind (its root is {root.tag[:40]!r}); only JATS articles are read. "
        raise ReadingError(name, f"{message}Save it as .html, .docx or .md.")
    return articles[0]


def entry_ids(root: Element) -> dict[str, str]:
    """The id of the entry for every id in the reference lists: its own, and those of the citations in it."""
    found: dict[str, str] = {}
    for element in root.iterfind("back//ref"):
        within = [each.get("id") for each in element.iter() if each.get("id")]
        if within:
            found |= {id: attribute(element, "id") or within[0] for id in within if id not in found}
    return found


def write_title(root: Element, blocks: Blocks) -> str | None:
    group = root.find("front/article-meta/title-group")
    title = None if group is None else group.find("article-title")
    if group is None or title is None:
        return None
    blocks.writer.begin("heading", level=1)
    blocks.inline.content(title)
    for subtitle in group.findall("subtitle"):
        blocks.writer.add(": ")
        blocks.inline.content(subtitle)
    block = blocks.writer.end()
    return blocks.writer.text()[block.start : block.end] if block else None


def abstracts(root: Element) -> Iterator[Element]:
    for path in ("abstract", "trans-abstract"):
        for abstract in root.findall(f"front/article-meta/{path}"):
            if attribute(abstract, "abstract-type") not in GRAPHICAL:
                yield abstract


def write_abstract(abstract: Element, blocks: Blocks) -> None:
    otherwise = ABSTRACTS.get(attribute(abstract, "abstract-type"), "Abstract")
    title = abstract.find("title")
    blocks.heading(title, 2, otherwise=otherwise)
    blocks.flow(abstract, 3, skip=(title,))
    blocks.write_notes()


def count_left_out(root: Element, inline: Inline) -> None:
    """Count what of the article is not in the text."""
    written = {*abstracts(root), *root.findall("front/article-meta/title-group")}
    for part in root.findall("front/*") + root.findall("front/article-meta/*"):
        if part.tag != "article-meta" and part not in written:
            inline.leave_out(part, "the names of the authors and other front matter")
    for part in root.findall("sub-article") + root.findall("response"):
        inline.leave_out(part, "reviews, replies or translations added to the article")


def as_trouble(left_out: dict[str, int]) -> Trouble:
    names = " and ".join(left_out)
    return Trouble(f"Not in the text: {names}.", letters=sum(left_out.values()))
