r"""Citations: keys of works in a list beside the file, or marks of the entries of its own `thebibliography`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape

from qa.readers.latex.source import TexSource
from qa.readers.latex.symbols import command_names

CITING = re.compile(r"(?i:[a-z]*cite[a-z]*)")
# Commands with "cite" in their names that cite nothing.
NO_CITING = command_names(
    "nocite citestyle setcitestyle citetext defcitealias bibcite citeindextype "
    "DeclareCiteCommand citeproctext citation citationstyle citenumfont citepunct "
    "citeleft citeright citedash citemid"
)
BARE_KEY = re.compile(r"\w(?:[\w:.#$%&+?<>~/-]*\w)?")
BIBITEM = re.compile(r"(?<!\\)\\bibitem(?![a-zA-Z])")
# Before 2024, pandoc began the entries of a list with an anchor.
ANCHOR_OF_ENTRY = re.compile(r"\\leavevmode\s*(?:\\vadjust pre\{)?\\hypertarget\{(ref-[^{}]+)\}\{\}\}?%?")
AUTHOR_YEAR = re.compile(r"(?P<names>.*?)\((?P<year>[^()]{1,40})\)", re.DOTALL)
PROTECTED = re.compile(
    r"(?:\\protect\s*)?\\(?:citeauthoryear|astroncite|citename)\s*\{(?P<names>[^{}]*)\}(?:\s*\{[^{}]*\})?\s*\{(?P<year>[^{}]*)\}"
)
COMMENTED = re.compile(r"(?<!\\)%")
LONGEST_BEFORE = 300  # characters of a line that are looked at
MOST_ENTRIES = 20_000


@dataclass
class Bibitem:
    """An entry of the list in the file: its number, the label that the file gives it as text, and its words as HTML."""

    number: int
    label: str = ""
    html: str = ""


@dataclass
class OwnWorks:
    """The entries of the file's own list by key, and the places of what it cites by key."""

    entries: dict[str, Bibitem] = field(default_factory=dict)
    typed: bool = False  # whether the entries have their numbers, if any, as words

    def find(self, text: str, name: str) -> dict[str, str]:
        r"""Find the entries, as marks come before them; returns the labels in LaTeX by key."""
        labels = {}
        source = TexSource(text, name)
        for found in BIBITEM.finditer(text):
            start = found.start()
            line = text[max(text.rfind("\n", 0, start) + 1, start - LONGEST_BEFORE) : start]
            if len(self.entries) >= MOST_ENTRIES:
                break
            if COMMENTED.search(line):
                continue
            source.text, source.place, source.below = text, found.end(), []
            label = source.option()
            key = source.argument().strip()
            if key and key not in self.entries:
                self.entries[key] = Bibitem(len(self.entries) + 1)
                labels[key] = label or ""
        return labels

    def cite(self, command: str, keys: list[str], notes: tuple[str, str]) -> str:
        """The mark of a citation as HTML; `notes` are those before and after the keys, as HTML."""
        before, after = notes
        known = [key for key in keys if key in self.entries]
        if len(known) < len(keys) or not keys:
            inside = "; ".join(f"@{key}" if BARE_KEY.fullmatch(key) else f"@{{{key}}}" for key in keys)
            inside = escape(inside, quote=False)
            return f"[{before}{' ' * bool(before)}{inside}{', ' * bool(after)}{after}]" if keys else ""
        named = [self.named(key) for key in keys]
        kind = command.lower()
        if all(named) and "num" not in kind and "super" not in kind:
            return self.by_name(kind, keys, notes)
        links = ", ".join(self.link(key, self.entries[key].label or str(self.entries[key].number)) for key in keys)
        return f"[{before}{' ' * bool(before)}{links}{', ' * bool(after)}{after}]"

    def by_name(self, kind: str, keys: list[str], notes: tuple[str, str]) -> str:
        """A mark with authors and years."""
        before, after = notes
        people = [(key, *self.named(key)) for key in keys]
        if "author" in kind:
            return ", ".join(self.link(key, names) for key, names, _ in people)
        if "year" in kind:
            years = ", ".join(self.link(key, year) for key, _, year in people)
            return f"({years})" if "par" in kind else years
        tail = f", {after}" if after else ""
        if (
            any(sign in kind for sign in ("citet", "textcite", "citealt", "shortciten", "citea"))
            and "p" not in kind[-1:]
        ):
            shape = "{} {}" if "alt" in kind else "{} ({})"
            marks = [self.link(key, shape.format(names, year)) for key, names, year in people]
            marks[-1] = (
                f"{marks[-1].removesuffix(')</a>')}</a>{tail})" if tail and "alt" not in kind else marks[-1] + tail
            )
            return f"{before}{' ' * bool(before)}{', '.join(marks)}"
        marks = [self.link(key, f"{names}, {year}") for key, names, year in people]
        inside = f"{before}{' ' * bool(before)}{'; '.join(marks)}{tail}"
        return inside if "alp" in kind else f"({inside})"

    def named(self, key: str) -> tuple[str, str] | tuple[()]:
        """The names and the year in the label of an entry, if it has them."""
        found = AUTHOR_YEAR.match(self.entries[key].label)
        return (found["names"].strip(), found["year"].strip()) if found and found["names"].strip() else ()

    def link(self, key: str, words: str) -> str:
        return f'<a role="doc-biblioref" href="#work-{self.entries[key].number}">{escape(words, quote=False)}</a>'

    def listed(self) -> str:
        """The list as HTML: numbered, or with the labels that are neither numbers nor names."""
        numbered = not self.typed and not any(entry.label for entry in self.entries.values())
        said = self.typed or numbered
        items = (
            f'<li id="work-{entry.number}">{"" if said or self.named(key) else as_label(entry)}{entry.html}</li>'
            for key, entry in self.entries.items()
            if entry.html
        )
        tag = "ol" if numbered else "ul"
        return f'<{tag} class="references">{"".join(items)}</{tag}>'


def with_bibitems(text: str) -> str:
    """The text with the entries of pandoc's lists as it writes them today."""
    return ANCHOR_OF_ENTRY.sub(r"\\bibitem[\\citeproctext]{\1}", text) if r"\hypertarget{ref-" in text else text


def as_label(entry: Bibitem) -> str:
    return f"[{escape(entry.label or str(entry.number), quote=False)}] "


def label_in_words(latex: str) -> str:
    r"""A label as `natbib` writes it: of `\protect\citeauthoryear{Reyes}{2019}` "Reyes(2019)"."""
    return PROTECTED.sub(lambda found: f"{found['names']}({found['year']})", latex)


def words_of_html(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^<>]*>", "", html)).split())
