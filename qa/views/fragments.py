"""Text fragments: the part of an address that makes a browser scroll to a sentence and highlight it.

`#:~:text=[prefix-,]start[,end][,-suffix]`, as in https://wicg.github.io/scroll-to-text-fragment/. Browsers compare
words whatever their case and the white space between them; `start` and `end` are each within one block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from qa.errors import NotFound
from qa.indexes import OpenIndex
from qa.messages import say
from qa.models import Block, Document, Sentence, Span
from qa.models.addresses import document_url

LONGEST_WHOLE = 25  # words of a sentence that is given whole; of a longer one, its first and its last words
AT_THE_ENDS = range(4, 13)  # how many words, until they are found only there
AROUND = range(1, 11)  # how many words before or after a sentence that occurs several times


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word as a page shows it, the offset at which it begins, and the number of the block or cell it is in."""

    text: str
    start: int
    block: int


SomeWords = Sequence[ShownWord]


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of the page of a document. `contents` are its headings, which the page has once more at its top."""

    words: SomeWords
    contents: SomeWords = ()
    joined: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "joined", spelled(self.contents) + spelled(self.words))

    def number(self, sought: SomeWords) -> int:
        """How often these words occur, as whole words and whatever their case."""
        found, place = 0, -1
        pattern = spelled(sought)
        while (place := self.joined.find(pattern, place + 1)) >= 0:
            found += 1
        return found


def spelled(words: SomeWords) -> str:
    """The words in one case, with a blank before and after each; punctuation at the ends of words does not count."""
    return " ".join(["", *(word.text.casefold().strip(",.;:!?()[]\"'“”‘’") for word in words), ""])


@dataclass(slots=True)
class LinksToSentences:
    """Addresses of sentences on the pages of their documents, with text fragments; each begins with `before`."""

    index: OpenIndex
    before: str = ""
    pages: dict[str, PageWords] = field(default_factory=dict)

    def __call__(self, document: str, sentence: str) -> str:
        """Raises NotFound."""
        read = self.index.document(document)
        found = next((each for each in read.sentences if each.id == sentence), None)
        if found is None:
            raise NotFound(say("not_found.sentence"), within=document_url(document))
        if document not in self.pages:
            self.pages[document] = page_words(read)
        return f"{self.before}{document_url(document, sentence)}{text_fragment(self.pages[document], found)}"


def page_words(document: Document) -> PageWords:
    """The words of the page of a document."""
    words = tuple(shown_words(document))
    headings = [section.heading for section in document.sections if section.heading]
    return PageWords(words, [word for word in words for start, end in headings if start <= word.start < end])


def text_fragment(page: PageWords, sentence: Sentence) -> str:
    """What to add to the address of a document's page, after "#" and the sentence's id, to highlight the sentence;
    empty for a sentence that shows no word, or that no words nearby tell from others."""
    every = page.words
    first = next((n for n, word in enumerate(every) if word.start >= sentence.start), len(every))
    last = next((n for n, word in enumerate(every) if word.start >= sentence.end), len(every))
    own = every[first:last]
    if not own:
        return ""
    for before, after in contexts(every, first, last):
        for parts in possible_parts(own):
            if is_found_only_here(page, own, (before, parts, after)):
                return directive(before, parts, after)
    return ""


def contexts(every: SomeWords, first: int, last: int) -> Iterator[tuple[SomeWords, SomeWords]]:
    """Words before and after a sentence that may tell it from others; none at first."""
    yield (), ()
    for number in AROUND:
        if before := tail_of(every[max(0, first - number) : first], number):
            yield before, ()
        if after := head_of(every[last : last + number], number):
            yield (), after


def possible_parts(own: SomeWords) -> Iterator[Sequence[SomeWords]]:
    """The sentence as a whole, or, if it is long or in several blocks, its beginning and its end."""
    if len(own) <= LONGEST_WHOLE and own[0].block == own[-1].block:
        yield (own,)
    else:
        for number in AT_THE_ENDS:
            yield head_of(own, number), tail_of(own, number)


def is_found_only_here(
    page: PageWords, own: SomeWords, sought: tuple[SomeWords, Sequence[SomeWords], SomeWords]
) -> bool:
    """Whether a browser that looks for this finds the sentence: the beginning occurs once, and the end first where the
    sentence ends."""
    before, (start, *rest), after = sought
    if not rest:
        return page.number([*before, *start, *after]) == 1
    [end] = rest
    return page.number([*before, *start]) == 1 and PageWords(own[len(start) :]).number(end) == 1


def head_of(words: SomeWords, number: int) -> SomeWords:
    """The first words, of one block."""
    return [word for word in words[:number] if word.block == words[0].block]


def tail_of(words: SomeWords, number: int) -> SomeWords:
    """The last words, of one block."""
    return [word for word in words[-number:] if word.block == words[-1].block]


def directive(before: SomeWords = (), text: Sequence[SomeWords] = (), after: SomeWords = ()) -> str:
    around = ([f"{encoded(before)}-"] if before else [], [f"-{encoded(after)}"] if after else [])
    return f":~:text={','.join([*around[0], *map(encoded, text), *around[1]])}"


def encoded(words: SomeWords) -> str:
    """The words percent-encoded, with the three characters that mean something in a directive (`-`, `,` and `&`)."""
    return quote(" ".join(word.text for word in words), safe="").replace("-", "%2D")


# --- the words of a page ---------------------------------------------------------------------------


def shown_words(document: Document) -> Iterator[ShownWord]:
    """The words that the page of a document shows, in order."""
    number, place = 0, 0
    for block in document.blocks:
        if block.start < place or (block.kind == "metadata" and not document.extracted):
            continue
        place = block.end
        for spans in shown_spans(block):
            yield from words_in(document.text, spans, number)
            number += 1


def shown_spans(block: Block) -> Iterator[Sequence[Span]]:
    """What is shown of each cell of a table, or of a block, as stretches of the text."""
    for cell in (cell for row in block.rows for cell in row):
        yield list(shown_within(block, cell))
    if not block.rows:
        yield list(shown_within(block, Span(block.start, block.end)))


def shown_within(block: Block, span: Span) -> Iterator[Span]:
    """The stretches that are in the text of the page: neither markup, nor what a style sheet shows instead of it."""
    instead = [style for style in block.styles if style.kind == "shown"]
    for start, end in block.visible:
        start, end = max(start, span.start), min(end, span.end)
        for style in instead:
            if start <= style.start < end:
                yield Span(start, style.start)
                start = style.end
        if start < end:
            yield Span(start, end)


def words_in(text: str, spans: Sequence[Span], block: int) -> Iterator[ShownWord]:
    """The words in these stretches; a word goes on from one to the next if there is no blank between."""
    open_word: ShownWord | None = None
    for start, end in spans:
        for match in re.finditer(r"\S+", text[start:end]):
            at = start + match.start()
            if open_word and at == start:
                open_word = replace(open_word, text=open_word.text + match[0])
            else:
                if open_word:
                    yield open_word
                open_word = ShownWord(match[0], at, block)
        if open_word and text[end - 1 : end].isspace():
            yield open_word
            open_word = None
    if open_word:
        yield open_word
