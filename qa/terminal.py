"""Format an answer for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from urllib.parse import quote

from qa.messages import say
from qa.models import CSL, Answer, Hit, SupportView, makers_of
from qa.views.headings import below

NARROWEST = 40  # columns; narrower terminals get unwrapped lines


def as_text(answer: Answer, width: int | None = None) -> str:
    """Return the answer as text: notices, a headline, each passage with its support and notes, the works cited.

    Lines are wrapped to `width` columns if it is given."""
    lines = [f"! {notice.title}: {notice.text}" for notice in answer.notices]
    lines += [say("found.corrected", written=c.written, read_as=c.read_as) for c in answer.interpretation.corrections]
    lines += ["", headline(answer)]
    if answer.abstention and answer.abstention.nearest:
        lines += ["", say("refused.nearest")]
    for hit in answer.abstention.nearest if answer.abstention else answer.answers:
        lines += hit_lines(hit, answer)
    if answer.suggestions:
        lines += ["", f"{say('form.examples')}:", *(f"  {each}" for each in answer.suggestions)]
    if answer.references:
        lines += ["", "Works cited:", *map(work_line, answer.references)]
    return "\n".join(each for line in lines for each in wrapped(line, width))


def headline(answer: Answer) -> str:
    """Return the outcome in one line."""
    if answer.abstention:
        return f"No answer: {answer.abstention.message}"
    if answer.status == "closest":
        said = f"{say('closest.heading')} {say('closest.line')}"
    else:
        number = len(answer.answers)
        passages = f"{number} passage{'s' if number > 1 else ''} from the documents"
        said = f"Answer: {passages}; “>” marks the sentence that answers."
    return said + (f" {say('found.missing', words=', '.join(answer.missing))}" if answer.missing else "")


def pages_of(hit: Hit) -> str:
    """Where the passage is in a document with pages."""
    if hit.pages is None:
        return ""
    first, last = hit.pages
    return f", {say('hit.page', n=first) if first == last else say('hit.pages', first=first, last=last)}"


def hit_lines(hit: Hit, answer: Answer) -> Iterator[str]:
    """Yield the lines of a passage: its place, then each sentence (`>` marks an answer) with its support and notes."""
    title = next(d.title for d in answer.documents if d.id == hit.document)
    yield ""
    yield f"{hit.rank}. {' > '.join((title, *below(hit.heading_path, title)))}{pages_of(hit)}"
    if hit.head:
        yield f"     {hit.head.text}"
    for sentence in hit.sentences:
        is_answer = sentence.answers and answer.status == "answered"
        yield f"   {'>' if is_answer else ' '} {sentence.plain or hit.text[sentence.start : sentence.end]}"
        yield f"       [{support_line(sentence.support)}]"
        for note in sentence.notes:
            yield f"       Reviewer's note, {note.date}: {say(f'note.{note.status}')}. {note.text}"


def support_line(support: SupportView) -> str:
    """Describe the support of a sentence in a few words."""
    if support.status == "cited":
        return f"cites {', '.join(support.references) or 'a work that could not be resolved'}"
    if support.status == "inherited":
        return "; ".join(f"source {i.reference}, carried over from: {i.plain or i.text}" for i in support.inherited)
    if support.status == "named_source":
        return f"source named without a reference: {'; '.join(s.text for s in support.named_sources)}"
    return "no source given"


def work_line(work: CSL) -> str:
    """Return a work in one line, with the id that the passages cite it by. Unknown fields are left out."""
    authors = [str(author.get("literal") or author.get("family", "")) for author in makers_of(work)]
    by = " and ".join(authors) if len(authors) < 3 else f"{authors[0]} et al."
    journal = work.get("container-title") or work.get("publisher", "")
    year = str(((work.get("issued") or {}).get("date-parts") or [[""]])[0][0])
    place = ":".join(str(work[key]) for key in ("volume", "page") if work.get(key))
    where = f"https://doi.org/{quote(work['DOI'], safe='/:;()[]')}" if work.get("DOI") else work.get("URL", "")
    parts = (by, str(work.get("title", "")), " ".join(filter(None, (journal, year, place))), str(where))
    known = ". ".join(part.rstrip(".") for part in parts if part)
    noted = " (cited only in a reviewer's note)" if (work.get("custom") or {}).get("note_only") else ""
    return f"  [{work['id']}] {known}{noted}"


def wrapped(line: str, width: int | None) -> list[str]:
    """Wrap a line to `width` columns. Continuation lines keep its indentation; words are never broken."""
    if width is None or width < NARROWEST:
        return [line]
    indent = line[: len(line) - len(line.lstrip(" >"))].replace(">", " ")
    found = [
        each
        for part in line.splitlines()
        for each in wrap(
            part,
            width,
            subsequent_indent=indent,
            expand_tabs=False,
            replace_whitespace=False,
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]
    return found or [line]
