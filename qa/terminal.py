"""An answer for a terminal."""

from __future__ import annotations

from qa.models import Answer, Hit, ShownSupport


def as_text(answer: Answer) -> str:
    """The answer for a terminal: notices, what was understood, then each passage with its support and notes."""
    lines = [f"! {notice.title}: {notice.text}" for notice in answer.notices]
    lines += [f"(read '{c.written}' as '{c.read_as}')" for c in answer.interpretation.corrections]
    if answer.abstention:
        lines += ["", f"No answer: {answer.abstention.message}"]
        nearest = answer.abstention.nearest
        lines += ["", "Nearest passages, which are not an answer:"] if nearest else []
        return "\n".join(lines + [line for hit in nearest for line in hit_lines(hit, answer)])
    if answer.missing:
        lines += ["", f"Not found in the best passage: {', '.join(answer.missing)}"]
    return "\n".join(lines + [line for hit in answer.answers for line in hit_lines(hit, answer)])


def hit_lines(hit: Hit, answer: Answer) -> list[str]:
    """A passage for a terminal: place, sentences (those that answer with a `>`), support and notes below each."""
    title = next(d.title for d in answer.documents if d.id == hit.document)
    lines = ["", f"{hit.rank}. {' > '.join((title, *hit.heading_path))}"]
    lines += [f"     {hit.head.text}"] if hit.head else []
    for sentence in hit.sentences:
        lines.append(f"   {'>' if sentence.answers else ' '} {hit.text[sentence.start : sentence.end]}")
        lines.append(f"       [{support_line(sentence.support)}]")
        lines += [f"       Note ({note.status}, {note.date}): {note.text}" for note in sentence.notes]
    return lines


def support_line(support: ShownSupport) -> str:
    """How a sentence is supported, in a few words."""
    if support.status == "cited":
        return f"cites {', '.join(support.references) or 'a work that could not be resolved'}"
    if support.status == "inherited":
        return "; ".join(f"carries on {i.reference} from: {i.text}" for i in support.inherited)
    if support.status == "named_source":
        return f"names without a reference: {'; '.join(s.text for s in support.named_sources)}"
    return "no source given"
