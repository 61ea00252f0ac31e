"""Articles set as PDF by three producers: LaTeX in two columns, WeasyPrint in two columns, and LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path

from benchmarks.formats.dresses import PLAIN, RAISED, Article, Dress
from qa.models import Block, Link, Reading

PACKAGES = (
    "texlive-latex-extra", "texlive-fonts-recommended", "lmodern", "libreoffice-writer", "pandoc", "weasyprint",
    "fonts-dejavu",
)  # fmt: skip
COMMANDS = ("pdflatex", "soffice", "pandoc", "weasyprint")
SECONDS = 300  # that one program may take
PREAMBLE = r"""\documentclass[10pt,a4paper,twocolumn]{article}
\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{fancyhdr}
\usepackage[hidelinks]{hyperref}\usepackage[margin=2cm]{geometry}\usepackage{enumitem}\usepackage{textcomp}
\setcounter{secnumdepth}{0}\sloppy\pagestyle{fancy}\lhead{A. Author et al.}
\rhead{Journal of Generated Tests 12 (2024)}\cfoot{\thepage}
\begin{document}
"""
SHEET = """@page { size: A4; margin: 22mm 18mm;
  @top-left { content: "A. Author et al."; font-size: 8pt }
  @top-right { content: "Journal of Generated Tests 2024; 12:34"; font-size: 8pt }
  @bottom-center { content: "Page " counter(page) " of " counter(pages); font-size: 8pt } }
body { font-family: "DejaVu Serif", serif; font-size: 9.2pt; text-align: justify; hyphens: auto;
  column-count: 2; column-gap: 7mm }
h1 { font-size: 16pt; column-span: all } h2 { font-size: 12pt } h3 { font-size: 10pt }
h4 { font-size: 9.5pt; font-style: italic }
p { margin: 0; text-indent: 1em } h1 + p, h2 + p, h3 + p { text-indent: 0 }
p.ref { font-size: 8pt; text-indent: -1.2em; margin-left: 1.2em }
table { font-size: 7pt; border-collapse: collapse; width: 100% } td { padding: 1px 3px }
sup { font-size: 65%; vertical-align: super; line-height: 0 } a { color: inherit; text-decoration: none }"""
IN_LATEX = {
    **{character: rf"\{character}" for character in "&%$#_{}"},
    "\\": "", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "–": "--", "—": "---", "−": "--", "“": "``", "”": "''", "’": "'", "‘": "`", "±": r"$\pm$", "≥": r"$\geq$",
    "≤": r"$\leq$", "×": r"$\times$", "°": r"$^\circ$", "•": r"$\bullet$", "α": r"$\alpha$", "β": r"$\beta$",
    "γ": r"$\gamma$", "δ": r"$\delta$", "χ": r"$\chi$", "κ": r"$\kappa$", "λ": r"$\lambda$", "ω": r"$\omega$",
    "μ": r"$\mu$", "µ": r"$\mu$", "∼": r"$\sim$", "≈": r"$\approx$", "→": r"$\rightarrow$", "†": r"\dag{}",
    "‡": r"\ddag{}", "Δ": r"$\Delta$",
}  # fmt: skip
HEADINGS = {1: r"\twocolumn[{\LARGE\bfseries %s\par\vspace{2em}}]", 2: r"\section{%s}", 3: r"\subsection{%s}"}
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
LAST_FROM_LATIN = 0x180


def missing_programs() -> list[str]:
    return [command for command in COMMANDS if shutil.which(command) is None]


# --- pages for WeasyPrint and pandoc -------------------------------------------------------------------


def print_mark(link: Link, words: str, number: int, before: int) -> str:
    inner = escape(words.translate(PLAIN))
    return f"<sup>{inner}</sup>" if RAISED.match(words) else inner


PRINT = Dress(print_mark, lambda id, words, number: f'<p class="ref">{words}</p>', "{}", "{}")


class PrintArticle(Article):
    """An article as a page to print: entries with their printed numbers."""

    def parts(self) -> Iterator[str]:
        for block in self.blocks:
            if block.kind == "reference":
                yield f'<p class="ref">{escape(self.text[block.start : block.end])}</p>'
            elif block.kind == "list_item":
                yield f"<ul><li>{self.inline(block.start, block.end)}</li></ul>"
            else:
                yield self.element(block).replace('<span class="mw-editsection">[<a href="/edit">edit</a>]</span>', "")


def as_page(reading: Reading) -> str:
    """A page without a title in its head, which pandoc would print beside the one in its text."""
    body = "\n".join(PrintArticle(reading, PRINT).parts()).replace("</ul>\n<ul>", "")
    head = f'<meta charset="utf-8"><style>{SHEET}</style>'
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>'


# --- LaTeX ---------------------------------------------------------------------------------------------


def latex_words(text: str) -> str:
    plain = unicodedata.normalize("NFC", text.translate(LOWERED))
    return "".join(IN_LATEX.get(c, c if ord(c) < LAST_FROM_LATIN else "") for c in plain)


class LatexArticle:
    """An article as LaTeX, without its tables."""

    def __init__(self, reading: Reading) -> None:
        self.text = reading.text
        self.blocks = [block for block in reading.blocks if block.kind != "table"]
        self.links = {link.start: link for link in reading.links}

    def source(self) -> str:
        return PREAMBLE + "\n\n".join(map(self.block, self.blocks)) + "\n\n\\end{document}\n"

    def block(self, block: Block) -> str:
        words = self.inline(block.start, block.end)
        if block.kind == "heading":
            return HEADINGS.get(block.level or 2, r"\subsubsection{%s}") % words
        if block.kind == "list_item":
            return rf"\begin{{itemize}}\item {words}\end{{itemize}}"
        if block.kind == "reference":
            anchor = rf"\raisebox{{1em}}{{\hypertarget{{{block.id}}}{{}}}}"
            return rf"{{\footnotesize\par\noindent\hangindent=1.2em {anchor}{words}\par}}"
        return rf"{{\footnotesize {words}\par}}" if block.kind == "footnote" else words

    def inline(self, start: int, end: int) -> str:
        pieces: list[str] = []
        while start < end:
            link, raised = self.links.get(start), RAISED.match(self.text, start, end)
            if link is not None:
                words = self.linked(link)
                pieces.append(rf"\textsuperscript{{{words}}}" if raised else words)
                start = link.end
            elif raised:
                stop = next((place for place in range(start + 1, raised.end()) if place in self.links), raised.end())
                pieces.append(rf"\textsuperscript{{{latex_words(self.text[start:stop].translate(PLAIN))}}}")
                start = stop
            else:
                pieces.append(latex_words(self.text[start]))
                start += 1
        return "".join(pieces)

    def linked(self, link: Link) -> str:
        """A mark whose parts between semicolons lead to their own entries."""
        parts = self.text[link.start : link.end].translate(PLAIN).split("; ")
        targets = link.targets if len(parts) == len(link.targets) else [link.targets[0]] * len(parts)
        return "; ".join(rf"\hyperlink{{{to}}}{{{latex_words(part)}}}" for to, part in zip(targets, parts, strict=True))


# --- programs ------------------------------------------------------------------------------------------


def run(folder: Path, *command: str) -> None:
    """Run a program at low priority; it may warn, but must write its file."""
    subprocess.run(
        ["nice", *command],
        cwd=folder,
        timeout=SECONDS,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def by_latex(reading: Reading, name: str, folder: Path) -> None:
    (folder / f"{name}.tex").write_text(LatexArticle(reading).source(), encoding="utf-8")
    run(folder, "pdflatex", "-interaction=batchmode", f"-jobname={name}.tx", f"{name}.tex")


def by_weasyprint(reading: Reading, name: str, folder: Path) -> None:
    (folder / f"{name}.html").write_text(as_page(reading), encoding="utf-8")
    run(folder, "weasyprint", f"{name}.html", f"{name}.w2.pdf")


def by_libreoffice(reading: Reading, name: str, folder: Path) -> None:
    (folder / f"{name}.html").write_text(as_page(reading), encoding="utf-8")
    run(folder, "pandoc", f"{name}.html", "-o", f"{name}.lo.docx")
    run(folder, "soffice", "--headless", "--convert-to", "pdf:writer_pdf_Export", f"{name}.lo.docx")


SET: Mapping[str, Callable[[Reading, str, Path], None]] = {"tx": by_latex, "w2": by_weasyprint, "lo": by_libreoffice}


def set_article(reading: Reading, name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """(producer, file) for each: the article as PDF, made unless the folder has it."""
    for producer, write in SET.items():
        path = folder / f"{name}.{producer}.pdf"
        if not path.exists():
            write(reading, name, folder)
        yield producer, path
