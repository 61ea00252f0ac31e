"""Styles of a Word document: what a paragraph is, by the names that all languages of Word share."""

from __future__ import annotations

import re
from typing import Literal

from qa.models import BlockKind, StyleKind
from qa.readers.docx.package import W, is_on, value
from qa.readers.xml import Element, attribute

MOST_ANCESTORS = 20
HEADING = re.compile(r"heading (\d)")
KINDS: tuple[tuple[str, BlockKind], ...] = (
    ("bibliography", "reference"),
    ("quote", "quotation"),
    ("block text", "quotation"),
    ("source code", "code"),
    ("html preformatted", "code"),
    ("footnote text", "footnote"),
    ("endnote text", "footnote"),
)
LOOKS: dict[str, StyleKind] = {"i": "emphasis", "b": "strong", "strike": "struck"}
LEAST_RAISE = 4  # half-points
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")


class Styles:
    """The styles by id; `default` is that of paragraphs without a style."""

    def __init__(self, root: Element | None) -> None:
        self.by_id: dict[str, Element] = {}
        self.chains: dict[str, list[Element]] = {}
        self.default = ""
        for style in root.findall(f"{W}style") if root is not None else ():
            id = attribute(style, f"{W}styleId")
            self.by_id[id] = style
            if attribute(style, f"{W}type") == "paragraph" and is_on(style.get(f"{W}default")):
                self.default = id
        found = LANGUAGE.match(value(root, "docDefaults", "rPrDefault", "rPr", "lang") or "")
        self.language = found[0].lower() if found and found[0] != "true" else None

    def of(self, paragraph: Element) -> str:
        return value(paragraph, "pPr", "pStyle") or self.default

    def chain(self, id: str) -> list[Element]:
        """The style and those that it is based on."""
        if id not in self.chains:
            found: list[Element] = []
            place: str | None = id
            while place in self.by_id and len(found) < MOST_ANCESTORS:
                found.append(self.by_id[place])
                place = value(found[-1], "basedOn")
            self.chains[id] = found
        return self.chains[id]

    def names(self, id: str) -> list[str]:
        return [(value(style, "name") or "").lower() for style in self.chain(id)]

    def inherited(self, id: str, *path: str) -> str | None:
        """The value at the path in the style or the first that it is based on and that has one."""
        return next((found for style in self.chain(id) if (found := value(style, *path)) is not None), None)

    def level(self, paragraph: Element) -> int | None:
        """The level of a heading, from 1; None for other paragraphs."""
        outline = value(paragraph, "pPr", "outlineLvl")
        for style in self.chain(self.of(paragraph)) if outline is None else ():
            name = (value(style, "name") or "").lower()
            if match := HEADING.fullmatch(name):
                return int(match[1])
            if name == "title":
                return 1
            outline = value(style, "pPr", "outlineLvl")
            if outline is not None:
                break
        return int(outline) + 1 if outline and outline.isdecimal() and int(outline) < 9 else None

    def kind(self, paragraph: Element) -> BlockKind | None:
        """The kind that the style gives a paragraph, if any."""
        names = self.names(self.of(paragraph))
        return next((kind for part, kind in KINDS if any(part in name for name in names)), None)

    def position(self, run: Element) -> Literal["sup", "sub"] | None:
        """Whether a run is raised or lowered, by itself or by its style."""
        properties = run.find(f"{W}rPr")
        style = value(properties, "rStyle")
        align = value(properties, "vertAlign") or (self.inherited(style, "rPr", "vertAlign") if style else None)
        if align in ("superscript", "subscript"):
            return "sup" if align == "superscript" else "sub"
        shift = value(properties, "position") or ""
        if align is None and re.fullmatch(r"-?\d{1,4}", shift) and abs(int(shift)) >= LEAST_RAISE:
            return "sup" if int(shift) > 0 else "sub"
        return None

    def looks(self, run: Element) -> list[StyleKind]:
        """How a run looks, by itself or by its style."""
        properties = run.find(f"{W}rPr")
        if properties is None:
            return []
        style = value(properties, "rStyle")
        return [kind for name, kind in LOOKS.items() if is_on(self.own_or_inherited(properties, style, name))]

    def own_or_inherited(self, properties: Element, style: str | None, name: str) -> str | None:
        own = value(properties, name)
        return own if own is not None or not style else self.inherited(style, "rPr", name)

    def is_hidden(self, run: Element) -> bool:
        properties = run.find(f"{W}rPr")
        return properties is not None and is_on(
            self.own_or_inherited(properties, value(properties, "rStyle"), "vanish")
        )
