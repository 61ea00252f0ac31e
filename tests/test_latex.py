r"""LaTeX: what each sentence cites, and that no commands are shown; whatever the file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus import look_at_corpus
from qa.errors import ReadingError
from qa.models import Reading
from qa.readers import read_document
from testkit.reading_contract import broken_promises
from tests.test_cli import run
from tests.test_folder import folder_of

WORK = "Reyes A, Ito B. Protected lanes. J Roads. 2019;4(2):10-19."
ARTICLE = rf"""% An invented article
\documentclass[11pt]{{article}}
\usepackage[english]{{babel}}
\newcommand{{\trial}}{{ORBIT\xspace}}
\newcommand{{\drug}}[1]{{\emph{{#1}}}}
\title{{Lanes in towns\thanks{{Paid by nobody.}}}}
\author{{Ana Bo$^1$ \and Jos\'e M{{\"u}}ller}}
\date{{1 May 2020}}
\begin{{document}}
\maketitle
\begin{{abstract}}
Lanes help \emph{{people}} --- and \textbf{{cars}}.
\end{{abstract}}
\section{{Findings}}\label{{sec:find}}
Protected lanes halved injuries~\cite{{reyes2019}}. Paint did not \citep[see][p.~3]{{ito2020,reyes2019}}. % a remark
The \trial trial of \drug{{naltrexone}} cost 5\,\%.\footnote{{In cups of
tea.}} See Section~\ref{{sec:find}} and Table~\ref{{tab:a}}.
\begin{{table}}[htb]
\caption{{Towns and \emph{{lanes}}.}}\label{{tab:a}}
\begin{{tabular}}{{lrr}}
\toprule
Town & \multicolumn{{2}}{{c}}{{Lanes}} \\
\midrule
A \& B & 3 & $\sim$4 \\
\bottomrule
\end{{tabular}}
\end{{table}}
\begin{{enumerate}}
\item One \href{{https://example.org/a%20b}}{{lane}}

more of it
\item Two
\end{{enumerate}}
\begin{{thebibliography}}{{9}}
\bibitem{{reyes2019}} {WORK}
% \bibitem{{gone}} Nothing.
\bibitem{{ito2020}} Ito B. Painted lanes. \emph{{J Roads}}. 2020;5(1):30--39.
\end{{thebibliography}}
\end{{document}}
"""


def outline(reading: Reading) -> list[str]:
    return [f"{block.kind}: {reading.text[block.start : block.end]}" for block in reading.blocks]


def read(latex: str) -> Reading:
    return read_document("a.tex", latex.encode())


def test_an_article() -> None:
    reading = read(ARTICLE)
    assert outline(reading) == [
        "heading: Lanes in towns", "heading: Abstract", "paragraph: Lanes help people — and cars.", "heading: Findings",
        "paragraph: Table 1: Towns and lanes.", "table: Town\tLanes\t\nA & B\t3\t∼4",
        "paragraph: Protected lanes halved injuries [1]. Paint did not [see 2, 1, p. 3]. The ORBIT trial of naltrexone "
        "cost 5 %.¹ See Section “Findings” and Table 1.",
        "list_item: 1. One lane", "list_item: more of it", "list_item: 2. Two", "heading: References", f"reference: 1. {WORK}",
        "reference: 2. Ito B. Painted lanes. J Roads. 2020;5(1):30–39.", "heading: Notes", "footnote: 1. In cups of tea.",
    ]  # fmt: skip
    labels = {block.id: block.label for block in reading.blocks if block.id}
    assert [labels[link.targets[0]] for link in reading.links] == ["1", "2", "1", "1"]
    about = reading.metadata
    assert (about.title, about.author, about.date, about.language) == (
        "Lanes in towns",
        "Ana Bo, José Müller",
        "2020-05-01",
        "en",
    )
    assert broken_promises(reading) == []


SHOWN = [
    # (LaTeX, text, why)
    (r"\'e \`a {\"o} \c{c} \v{s} \~n \^{\i} \ss{} \o{} \aa", "é à ö ç š ñ î ß ø å", "letters with accents"),
    (r"``Lanes'' `help' -- or not --- so", "“Lanes” ‘help’ – or not — so", "quotes and dashes"),
    (r"5\% \& \$6 \#7 a\_b \{c\}", "5% & $6 #7 a_b {c}", "escaped signs"),
    (r"$10^{6}$ m$^2$ H$_2$O $10^{-3}$ CO\textsubscript{2} 25$^{\circ}$C", "10⁶ m² H₂O 10⁻³ CO₂ 25°C", "raised and lowered"),
    (r"$p<0.05$, $n=40$, $5\pm 2$, $\alpha\le 3$, $3 \times 10^{6}$", "p < 0.05, n = 40, 5 ± 2, α ≤ 3, 3 × 10⁶", "simple formulas"),
    (r"$\frac{1}{2}$ $\bar{x}$ $\text{dose in mg}$ $\sqrt{n}$", "1/2 x̄ dose in mg √n", "parts of formulas"),
    (r"$\sum_{i=1}^{n} x_i$", r"$\sum_{i=1}^{n} x_i$", "other formulas stay"),
    (r"\SI{5}{\milli\gram\per\litre} \qty{3}{\percent} \num{1e5} \SI{20}{\celsius}", "5 mg/L 3 % 1 × 10⁵ 20 °C", "units"),
    (r"\url{https://example.org/a_b%20c} \href{https://example.org}{page}", "https://example.org/a_b%20c page", "addresses"),
    (r"a \verb|\cite{b}| c", r"a \cite{b} c", "words of commands"),
    ("a % so\n  b% or\n  c %\n\nd", "a bc\n\nd", "comments, as TeX has them"),
    (r"\foo{kept} {\bf bold} \textcolor{red}{so} \hspace{2cm}x", "kept bold so x", "unknown commands, styles, settings"),
    (r"\newcommand{\bac}{\textit{E. coli}\xspace}\bac grows, \bac.", "E. coli grows, E. coli.", "a macro"),
    (r"\newcommand{\two}[2][x]{#1 and #2}\two{b} \two[a]{b}", "x and b a and b", "a macro with arguments"),
    (r"\def\who{WHO} \who{} says", "WHO says", "a macro of TeX"),
    (r"\newacronym{dna}{DNA}{deoxyribonucleic acid}\gls{dna} or \gls{dna}", "deoxyribonucleic acid (DNA) or DNA", "abbreviations"),
    (r"\iffalse no \fi yes \begin{comment} no \end{comment}", "yes", "parts that are turned off"),
    (r"so \begin{figure}\caption{A lane.}\end{figure} it is.", "Figure 1: A lane.\n\nso it is.", "a figure within a sentence"),
    (r"\begin{quote}Lanes help.\end{quote}", "Lanes help.", "a quotation"),
    (r"\begin{description}\item[Lane] a way\end{description}", "Lane a way", "terms"),
    (r"\section*{Lanes}\subsection[x]{Wide \emph{ones}} They help.", "Lanes\n\nWide ones\n\nThey help.", "headings"),
    (r"See \cref{t}.\begin{table}\caption{A.}\label{t}\end{table} \ref{gone}", "Table 1: A.\n\nSee Table 1. ??", "references"),
    (r"\usepackage[ngerman]{babel}\begin{document}Stra\ss e, \"Ol, M\"uller, \glqq so\grqq{} \"{u}\end{document}", "Straße, Öl, Müller, „so“ ü", "German"),
    (r"\section{Lanes}\label{l} See \secref{l} and \gref{g:lane}{a lane}.", "Lanes\n\nSee “Lanes” and a lane.", "references by commands of its own"),
    (r"Text\end{document} no more", "Text", "the end"),
    (r"\emph{open and {so", "open and so", "braces that are not closed"),
    (r"a} b", "a b", "a brace too many"),
    (r"\section{Never closed" + "\n\nLanes help.", "Never closed Lanes help.", "a heading without an end"),
    (r"\begin{itemize}\item One", "One", "an environment that is not closed"),
    (r"\begin{longtable}{ll}\caption{T.}\\ A & B\\ \endfirsthead A & B\\ \endhead 1 & 2\\ \end{longtable}", "Table 1: T.\n\nA\tB\n1\t2", "a table of several pages"),
    (r"\begin{lstlisting}[language=C]" + "\nint a; % b\n" + r"\end{lstlisting}", "int a; % b", "code"),
    (r"\texttt{a} \textsc{b} \underline{c} \mbox{d} \enquote{e}", "a b c d “e”", "styles"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "text", "why"), SHOWN, ids=[case[2] for case in SHOWN])
def test_what_is_shown(latex: str, text: str, why: str) -> None:
    reading = read(latex)
    assert reading.text == text
    assert broken_promises(reading) == []


CITED = [
    # (LaTeX, text, why)
    (r"So \cite{a2019}.", "So [@a2019].", "one"),
    (r"So \citep[p.~3]{a2019, b2020}.", "So [@a2019; @b2020, p. 3].", "several with a place"),
    (r"So \parencite[see][12--14]{a2019}.", "So [see @a2019, 12–14].", "notes on both sides"),
    (r"\textcite{a2019} say so \autocites[1]{a2019}[2]{b2020}.", "[@a2019] say so [@a2019, 1] [@b2020, 2].", "biblatex"),
    (r"\citet*{a2019}\nocite{c} \footcite{b2020}", "[@a2019] [@b2020]", "stars; works that are only listed"),
    (r"\newcommand{\me}{\cite{a2019}}So \me.", "So [@a2019].", "in a macro"),
    (r"A \citep{r} B \citet{r} C \citep{r,i} D \citeyear{r}\begin{thebibliography}{1}\bibitem[Reyes(2019)]{r} Reyes A. Lanes. 2019."
     r"\bibitem[{Ito et~al.(2020)Ito, Bo}]{i} Ito B. Paint. 2020.\end{thebibliography}",
     "A (Reyes, 2019) B Reyes (2019) C (Reyes, 2019; Ito et al., 2020) D 2019\n\nReferences\n\nReyes A. Lanes. 2019.\n\nIto B. Paint. 2020.",
     "labels with names"),
    (r"A (\citeproc{ref-r}{Reyes 2019}).\begin{CSLReferences}{1}{0}\bibitem[\citeproctext]{ref-r} Reyes, A. 2019. Lanes.\end{CSLReferences}",
     "A (Reyes 2019).\n\nReferences\n\nReyes, A. 2019. Lanes.", "a list of pandoc"),
    (r"A (\protect\hyperlink{ref-r}{Reyes 2019}).\begin{CSLReferences}{1}{0}" "\n"
     r"\leavevmode\vadjust pre{\hypertarget{ref-r}{}}%" "\n" r"Reyes, A. 2019. Lanes.\end{CSLReferences}",
     "A (Reyes 2019).\n\nReferences\n\nReyes, A. 2019. Lanes.", "an older list of pandoc"),
    (r"A \cite{r}\begin{thebibliography}{1}\bibitem[Rey19]{r} Reyes A. Lanes. 2019.\end{thebibliography}",
     "A [Rey19]\n\nReferences\n\n[Rey19] Reyes A. Lanes. 2019.", "labels with letters"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "text", "why"), CITED, ids=[case[2] for case in CITED])
def test_citations(latex: str, text: str, why: str) -> None:
    reading = read(latex)
    assert reading.text == text
    assert broken_promises(reading) == []


SAID = [
    (r"\foo{a} \'a \foo", r"Commands that are not known, of which only the words in braces are kept: \foo.", "once each"),
    (r"a \input{../../etc/passwd} \include{two}", "The file two that it puts in is not read with it. Keep it as a document too.", "files that are put in"),
    (r"{\emph{a}", "Braces or environments are not closed, or closed twice: text near them may be in the wrong place.", "not closed"),
    (r"a \ref{b}", "References to parts that are not in the file (1) are shown as ??.", "a part that is not there"),
    (r"a \begin{tikzpicture}\draw (0,0) node {Lane};\end{tikzpicture}", "Not in the text: pictures drawn by commands.", "a picture"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "said", "why"), SAID, ids=[case[2] for case in SAID])
def test_what_is_not_read_is_said(latex: str, said: str, why: str) -> None:
    assert said in [trouble.message for trouble in read(latex).trouble]


HARMFUL = [
    ("{" * 100_000 + "x" + "}" * 100_000, "", "nested braces"),
    (r"\emph{" * 100_000 + "x", "", "nested commands"),
    (r"\begin{itemize}\item a " * 5_000, "", "nested lists"),
    ("a " + r"\footnote{b" * 2_000, "", "notes in one another"),
    ("a " + r"\caption{b" * 20_000, "", "captions in one another"),
    (r"\newcommand{\me}{\me}\me", "call themselves", "a macro that calls itself"),
    (r"\newcommand{\me}[1]{\me{#1#1}}\me{xx}", "call themselves", "a macro that grows"),
    (r"\newcommand{\me}{\you\you}\newcommand{\you}{\me\me}\me", "call themselves", "macros that call one another"),
    ("\\cite{\n" * 100_000, "too many braces", "braces that are never closed"),
    (r"\cite[" * 100_000, "too many braces", "options that are never closed"),
    (r"\begin{equation}" * 10_000, "too many braces", "formulas that are never closed"),
    ("$" * 99_999, "", "signs of formulas"),
    ("a " * 10_000_000, "is larger than 5 MB", "20 MB"),
    ("% nothing", "has no text", "only a comment"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "refused", "why"), HARMFUL, ids=[case[2] for case in HARMFUL])
def test_files_made_to_harm(latex: str, refused: str, why: str) -> None:
    if refused:
        with pytest.raises(ReadingError, match=refused):
            read(latex)
    else:
        assert read(latex).text


PIECES = st.lists(
    st.sampled_from(
        [
            r"\section{",
            r"\emph{",
            r"\footnote{",
            r"\cite{a}",
            r"\begin{itemize}",
            r"\item",
            r"\end{itemize}",
            r"\begin{tabular}{l}",
            r"&",
            r"\\",
            r"\hline",
            r"$",
            r"\(",
            r"\[",
            r"\]",
            r"{",
            r"}",
            r"[",
            r"]",
            r"%",
            r"~",
            r"^",
            r"_",
            r"#",
            r"``",
            r"''",
            r"\caption{",
            r"\begin{table}",
            r"\end{table}",
            r"\title{",
            r"\label{a}",
            r"\ref{a}",
            r"\bibitem{a}",
            r"\begin{thebibliography}{1}",
            r"\end{thebibliography}",
            r"\multicolumn{2}{c}{",
            r"\newcommand{\b}{",
            r"\foo",
            r"\SI{",
            r"\verb|",
            r"\'",
            r"\end{document}",
            r"\abstract{",
            r"\bf",
            r"\gls{a}",
            r"\frac{",
            r"\iffalse",
            r"\fi",
            r"\quad",
        ]
    )
    | st.sampled_from(["\n", "\n\n", "Alpha beta. ", "gamma"])
).map("".join)


@given(latex=PIECES)
def test_promises_are_kept_whatever_the_text(latex: str) -> None:
    reading = read(f"Lanes help.\n\n{latex}")
    assert broken_promises(reading) == []


def test_an_older_encoding_that_the_file_names() -> None:
    reading = read_document("a.tex", "\\usepackage[latin1]{inputenc}\\begin{document}Käse".encode("latin-1"))
    assert reading.text == "Käse"


BIB = "@article{%s, author={Reyes, Ana}, title={Protected lanes}, journal={J Roads}, year={2019}, volume={4}, pages={10--19}}\n"
LISTS = [
    # (command, files, lists that are used, what is said, why)
    (r"\bibliography{refs}", ["refs.bib", "b.bib"], ["refs.bib"], None, "without its ending"),
    (r"\addbibresource{x/refs.bib}", ["x/refs.bib", "a.bib"], ["x/refs.bib"], None, "of biblatex"),
    (r"\bibliography{IEEEabrv,refs}", ["refs.bib", "b.bib"], ["refs.bib"], None, "a list of the style is not missed"),
    ("% \\bibliography{gone}\n", ["a.bib"], ["a.bib"], None, "commented out: the one of the same name"),
    (r"\bibliography{gone}", ["a.bib"], ["a.bib"], 'there is no bibliography "gone.bib"', "one that is not there"),
    (r"\bibliography{/etc/hosts}", ["a.bib"], ["a.bib"], "is outside", "no path out of the folder"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "files", "used", "said", "why"), LISTS, ids=[case[4] for case in LISTS])
def test_lists_that_a_file_names(tmp_path, command, files, used, said, why) -> None:
    document = f"Lanes help \\cite{{reyes2019}}.\n{command}\n"
    folder_of(tmp_path, {"a.tex": document, **dict.fromkeys(files, BIB % "reyes2019")})
    opened = look_at_corpus(tmp_path)
    assert [name for name, _ in opened.files[0].bibliographies] == used
    faults = [str(fault) for fault in opened.left_out if fault.file == "a.tex"]
    assert [said in fault for fault in faults if said] == [True] * bool(said)


def test_a_question_is_answered_with_the_work_attached(tmp_path) -> None:
    """From a folder with an article and its list of works, as they are."""
    latex = ARTICLE.partition(r"\begin{thebibliography}")[0].replace("cite{reyes2019}", "cite{reyes2019}")
    works = (
        BIB % "reyes2019"
        + "@article{ito2020, author={Ito, Bo}, title={Painted lanes}, journal={J Roads}, year={2020}}\n"
    )
    folder_of(tmp_path, {"lanes.tex": latex + "\\bibliography{works}\n\\end{document}\n", "works.bib": works})
    asked = run("ask", "--json", "Do protected lanes reduce injuries?", QA_CORPUS=str(tmp_path))
    assert asked.exit_code == 0, asked.output
    assert "reyes2019" in asked.stdout
    (best, *_) = json.loads(asked.stdout)["answers"]
    assert "Protected lanes halved injuries" in best["text"]
