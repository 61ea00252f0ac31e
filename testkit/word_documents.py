"""Word documents made for tests: any body, and one text with its citations as each citation manager keeps them."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from posixpath import normpath
from typing import Any

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'

WORKS: Sequence[dict[str, Any]] = [
    {
        "type": "article-journal",
        "title": title,
        "container-title": journal,
        "volume": volume,
        "page": page,
        "DOI": f"10.5555/invented.{number}",
        "author": [{"family": family, "given": "A. B."}, {"family": "Muster", "given": "C."}],
        "issued": {"date-parts": [[year]]},
    }
    for number, (family, title, journal, volume, page, year) in enumerate(
        [
            ("Alder", "Wide lanes & narrow ones: what riders <say>", "Journal of Invented Roads", "12", "1-9", 2011),
            ("Birch", "A randomised trial of painted lanes", "Made-up Transport", "3", "45-51", 2015),
            ("Çelik", "Lanes, revisited: a “systematic” review", "Made-up Transport", "9", "101-120", 2019),
            ("Dörr", "Breite Spuren und müde Füße", "Erfundene Zeitschrift", "7", "7-14", 2020),
        ],
        start=1,
    )
]
# Sentences and the works that each cites.
CITING: Sequence[tuple[str, Sequence[int]]] = [
    ("Wide lanes help in the short term", [0]),
    ("Paint was better than nothing", [1, 2]),
    ("A later review agreed", [2]),
    ("German data are alike", [3]),
    ("All were confirmed again", [0, 1, 2]),
]
MANAGERS = ("zotero", "zotero bookmarks", "mendeley", "mendeley cite", "endnote", "endnote encoded", "word")


@dataclass
class WordFile:
    """The parts of a document; `related` are those that the main part leads to, by kind, with their path in `word/`."""

    body: str
    related: dict[str, tuple[str, str]] = field(default_factory=dict)
    properties: str = ""
    core: str = ""
    before: str = ""

    def to_bytes(self) -> bytes:
        parts = {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": relations(
                {
                    "officeDocument": "word/document.xml",
                    "custom-properties": "docProps/custom.xml",
                    "core-properties": "docProps/core.xml",
                }
            ),
            "word/document.xml": f'<?xml version="1.0"?>{self.before}<w:document {W} xmlns:m="{OFFICE}/math" '
            f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>{self.body}</w:body></w:document>',
            "word/_rels/document.xml.rels": relations({kind: path for kind, (path, _) in self.related.items()}),
            **{normpath(f"word/{path}"): content for path, content in self.related.values()},
            **({"docProps/custom.xml": self.properties} if self.properties else {}),
            **({"docProps/core.xml": self.core} if self.core else {}),
        }
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in parts.items():
                archive.writestr(path, content)
        return buffer.getvalue()


def relations(paths: Mapping[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/relationships/{kind}" Target="{path}"/>'
        for number, (kind, path) in enumerate(paths.items())
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{''.join(runs)}</w:p>"


def mark(kind: str, content: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{content}</w:fldChar></w:r>'


def instruction(text: str, pieces: int = 1) -> str:
    """An instruction, split over runs as Word does."""
    size = len(text) // pieces + 1
    return "".join(
        f'<w:r><w:instrText xml:space="preserve">{escape(text[start : start + size], quote=False)}</w:instrText></w:r>'
        for start in range(0, len(text), size)
    )


def field_of(text: str, shown: str, *, pieces: int = 1, data: str = "", properties: str = "") -> str:
    return mark("begin", data) + instruction(text, pieces) + mark("separate") + run(shown, properties) + mark("end")


def styles(**names: str) -> tuple[str, str]:
    """A part with styles of paragraphs: their names by id."""
    rows = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>' for id, name in names.items()
    )
    return "styles.xml", f"<w:styles {W}>{rows}</w:styles>"


def notes(kind: str, *contents: str) -> tuple[str, str]:
    """A part with footnotes or endnotes of the ids 1, 2, …; the two separators come first, as in all files."""
    rows = "".join(f'<w:{kind} w:id="{n}" w:type="separator"><w:p/></w:{kind}>' for n in (-1, 0))
    rows += "".join(f'<w:{kind} w:id="{n}">{content}</w:{kind}>' for n, content in enumerate(contents, start=1))
    return f"{kind}s.xml", f"<w:{kind}s {W}>{rows}</w:{kind}s>"


# --- citation managers ---------------------------------------------------------------------------


def cited_in(manager: str, ids: Sequence[int]) -> str:
    """The JSON of a mark of Zotero or Mendeley."""
    items: list[dict[str, Any]] = []
    for place, id in enumerate(ids, start=1):
        work = WORKS[id]
        number = f"ITEM-{place}"  # the same in every mark
        match manager:
            case "mendeley":
                address = f"http://www.mendeley.com/?uuid={id}"
                items.append({"id": number, "itemData": {"id": number, **work}, "uris": [address]})
            case "mendeley cite":
                items.append({"id": f"u{id}", "itemData": {"id": f"u{id}", **work}})
            case _:
                address = f"http://zotero.org/users/1/items/K{id}"
                items.append({"id": id, "uris": [address], "itemData": {"id": id, **work}})
    return json.dumps({"citationID": "x", "citationItems": items})


def record(id: int) -> str:
    """The record of a work in EndNote's XML."""
    work = WORKS[id]
    authors = "".join(f"<author>{each['family']}, {each['given']}</author>" for each in work["author"])
    return (
        f"<Cite><RecNum>{id}</RecNum><record><rec-number>{id}</rec-number><foreign-keys><key db-id='d'>{id}</key>"
        "</foreign-keys><ref-type name='Journal Article'>17</ref-type>"
        f"<contributors><authors>{authors}</authors></contributors><titles><title><style face='normal'>"
        f"{escape(work['title'])}</style></title><secondary-title>{work['container-title']}"
        f"</secondary-title></titles><pages>{work['page']}</pages><volume>{work['volume']}</volume><dates><year>"
        f"{work['issued']['date-parts'][0][0]}</year></dates><electronic-resource-num>{work['DOI']}</electronic-resource-num>"
        "</record></Cite>"
    )


def sources() -> str:
    """Word's own list of sources."""
    rows = ""
    for id, work in enumerate(WORKS):
        people = "".join(
            f"<b:Person><b:Last>{each['family']}</b:Last><b:First>{each['given']}</b:First></b:Person>"
            for each in work["author"]
        )
        fields = {"Title": "title", "JournalName": "container-title", "Volume": "volume", "Pages": "page", "DOI": "DOI"}
        values = "".join(f"<b:{name}>{escape(work[key])}</b:{name}>" for name, key in fields.items())
        rows += (
            f"<b:Source><b:Tag>T{id}</b:Tag><b:SourceType>JournalArticle</b:SourceType><b:Author><b:Author><b:NameList>"
            f"{people}</b:NameList></b:Author></b:Author>{values}<b:Year>{work['issued']['date-parts'][0][0]}</b:Year></b:Source>"
        )
    return f'<b:Sources xmlns:b="{OFFICE}/bibliography">{rows}</b:Sources>'


def mark_of(manager: str, place: int, ids: Sequence[int], shown: str) -> str:
    """The mark of a citation in the body."""
    match manager:
        case "zotero":
            return field_of(
                f"ADDIN ZOTERO_ITEM CSL_CITATION {cited_in(manager, ids)}", shown, pieces=3, properties=RAISED
            )
        case "zotero bookmarks":
            start, end = (
                f'<w:bookmarkStart w:id="{place}" w:name="ZOTERO_BREF_{place}a"/>',
                f'<w:bookmarkEnd w:id="{place}"/>',
            )
            return start + run(shown, RAISED) + end
        case "mendeley":
            return field_of(f"ADDIN CSL_CITATION {cited_in(manager, ids)}", shown, properties=RAISED)
        case "mendeley cite":
            content = base64.b64encode(cited_in(manager, ids).encode()).decode()
            tag = f'<w:sdtPr><w:tag w:val="MENDELEY_CITATION_v3_{content}"/></w:sdtPr>'
            return f"<w:sdt>{tag}<w:sdtContent>{run(shown, RAISED)}</w:sdtContent></w:sdt>"
        case "endnote":
            records = "".join(map(record, ids))
            return field_of(f"ADDIN EN.CITE <EndNote>{records}</EndNote>", shown, pieces=2, properties=RAISED)
        case "endnote encoded":
            content = base64.b64encode(f"<EndNote>{''.join(map(record, ids))}</EndNote>".encode()).decode()
            data = f"<w:fldData>{content}</w:fldData>"
            within = mark("begin", data) + instruction(" ADDIN EN.CITE.DATA ") + mark("end")
            before = mark("begin", data) + instruction(" ADDIN EN.CITE ") + within
            return before + mark("separate") + run(shown, RAISED) + mark("end")
        case _:
            more = "".join(f"\\m T{id} " for id in ids[1:])
            return field_of(f"CITATION T{ids[0]} {more}\\l 1033 ", shown, properties=RAISED)


LISTS = {
    "zotero": 'ADDIN ZOTERO_BIBL {"uncited":[]} CSL_BIBLIOGRAPHY',
    "mendeley": "ADDIN Mendeley Bibliography CSL_BIBLIOGRAPHY",
    "endnote": "ADDIN EN.REFLIST",
    "endnote encoded": "ADDIN EN.REFLIST",
    "word": "BIBLIOGRAPHY",
}


def list_of(manager: str, entries: Sequence[str]) -> str:
    """The printed list, in the field or control of the manager."""
    if manager in LISTS:
        before = mark("begin") + instruction(LISTS[manager]) + mark("separate")
        inner = [run(entry) for entry in entries]
        return "".join(map(paragraph, [before + inner[0], *inner[1:-1], inner[-1] + mark("end")]))
    rows = "".join(paragraph(run(entry), style="Bibliography") for entry in entries)
    tag = '<w:sdtPr><w:tag w:val="MENDELEY_BIBLIOGRAPHY"/></w:sdtPr>'
    return f"<w:sdt>{tag}<w:sdtContent>{rows}</w:sdtContent></w:sdt>" if manager == "mendeley cite" else rows


def with_citations(manager: str) -> bytes:
    """A document whose citations are kept by a manager: the sentences of `CITING` with raised numbers, and a list."""
    body = ""
    properties = ""
    for place, (sentence, ids) in enumerate(CITING):
        shown = ",".join(str(id + 1) for id in ids)
        body += paragraph(run(f"{sentence}."), mark_of(manager, place, ids, shown), run(" More follows."))
        if manager == "zotero bookmarks":
            value = "ZOTERO_ITEM CSL_CITATION " + cited_in("zotero", ids)
            for number, start in enumerate(range(0, len(value), 240), start=1):
                piece = escape(value[start : start + 240], quote=False)
                properties += (
                    f'<property name="ZOTERO_BREF_{place}a_{number}"><vt:lpwstr>{piece}</vt:lpwstr></property>'
                )
    entries = [
        f"{number}. {work['author'][0]['family']} A, Muster C. {work['title']}. {work['container-title']} "
        f"{work['issued']['date-parts'][0][0]};{work['volume']}:{work['page']}."
        for number, work in enumerate(WORKS, start=1)
    ]
    heading = paragraph(run("References"), properties='<w:outlineLvl w:val="0"/>')
    file = WordFile(body + heading + list_of(manager, entries), {"styles": styles(Bibliography="Bibliography")})
    if manager == "word":
        file.related["customXml"] = "../customXml/item1.xml", sources()
    if properties:
        types = f'xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes"'
        file.properties = f"<Properties {types}>{properties}</Properties>"
    return file.to_bytes()
