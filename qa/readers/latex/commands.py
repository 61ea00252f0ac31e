r"""What commands do, by name; those that only take arguments which are no text; and environments."""

from __future__ import annotations

import re
from html import escape

from qa.readers.latex import front, structure, tables
from qa.readers.latex.inline import INLINE_COMMANDS, Command, put_formula
from qa.readers.latex.macros import DEFINE, DEFINE_WITH_TEX
from qa.readers.latex.state import Output, TexDocument
from qa.readers.latex.structure import TEX_SECTIONS
from qa.readers.latex.symbols import command_names

PICTURES = "Not in the text: pictures drawn by commands."
LONGEST_RAW = 1_000_000  # characters of code, or of a picture
FALSE_PART = re.compile(r"\\(?P<word>if[a-zA-Z]*|fi|else)(?![a-zA-Z])")
# Commands whose arguments are no text: "*" is a star, "o" an option, "m" an argument. What follows them is text.
ARGUMENTS = {
    name: shape
    for shape, names in {
        "m": "pagestyle thispagestyle bibliographystyle nocite pagenumbering vskip hskip kern phantom hphantom "
        "vphantom includeonly graphicspath fontfamily fontseries fontshape selectlanguage linespread index "
        "glsadd hyphenation citestyle setcitestyle bibpunct sisetup setstretch hypersetup geometry "
        "captionsetup lstset usetikzlibrary pgfplotsset tikzset AtBeginDocument AtEndDocument newcounter "
        "newlength stepcounter refstepcounter theoremstyle lhead rhead chead lfoot rfoot cfoot bibliography "
        "addbibresource setmainfont setsansfont titlerunning authorrunning markright hypertarget "
        "scalebox foreignlanguage newif shorttitle shortauthors journal volume issue jyear pubvolume issuenum "
        "articlenumber received accepted published firstpage noalign vadjust tablewidth tabletypesize",
        "*m": "hspace vspace",
        "om": "documentclass documentstyle RequirePackage PassOptionsToPackage rotatebox newsavebox color textcolor "
        "colorbox rowcolor cellcolor fancyhead fancyfoot fancyhf mdfsetup declaretheorem",
        "mm": "setlength addtolength setcounter addtocounter fontsize markboth addtocontents numberwithin "
        "counterwithin fcolorbox settowidth SetKwInput newsiamthm DeclareCaptionFormat",
        "*om": "includegraphics includesvg includepdf",
        "mom": "newcolumntype",
        "moo": "raisebox",
        "omm": "rule DeclareSIUnit",
        "mmm": "definecolor addcontentsline",
        "*mm": "resizebox",
        "*mmmm": "titlespacing",
        "omom": "multirow",
        "ooom": "parbox",
        "oo": "makebox framebox",
        "*momo": "newtheorem",
        "*momomo": "titleformat",
        "*moomm": "newenvironment renewenvironment",
        "o": "hyperref printbibliography printglossary printglossaries",
    }.items()
    for name in names.split()
}  # fmt: skip
WITHOUT_TEXT = command_names(
    "maketitle ContinuedFloat phantomsection enddata tablehead colhead nointerlineskip tableofcontents "
    "listoffigures listoftables clearpage cleardoublepage newpage pagebreak nopagebreak centering raggedright "
    "raggedleft noindent indent small footnotesize scriptsize tiny large Large LARGE huge Huge normalsize "
    "normalfont hfill vfill hfil dotfill protect relax bigskip medskip smallskip appendix frontmatter mainmatter "
    "backmatter sloppy fussy flushbottom raggedbottom null newblock bibfont singlespacing doublespacing "
    "onehalfspacing linenumbers nolinenumbers FloatBarrier makeatletter makeatother allowbreak leavevmode strut "
    "ignorespaces unskip rm rmfamily sffamily sf tt ttfamily sc scshape mdseries upshape textrm textsf textsc "
    "textup textmd textnormal underline uline ul hl mbox hbox text fbox vbox centerline today begingroup endgroup "
    "bgroup egroup onecolumn twocolumn landscape balance IEEEpeerreviewmaketitle makeglossaries printbibliography "
    "nobreak else fi or arraybackslash boldmath unboldmath lowercase uppercase MakeUppercase MakeLowercase "
    "endinput displaystyle printglossaries selectfont nonfrenchspacing frenchspacing obeylines global long iftrue "
    "makeindex columnbreak bibsep qedhere qed adjustbox lineskip"
)
SETTINGS = command_names("parindent parskip baselineskip textwidth tabcolsep baselinestretch linewidth columnwidth")
LINES = frozenset({"newline", "linebreak", "tabularnewline", "break", "crcr"})
FRONT = command_names(
    "corresp affil affiliation address institute institution email ead orcid orcidlink thanks corref "
    "cortext fntext fnref keywords keyword corres correspondence AuthorNames isAPAStyle pacs "
    "subjclass inst authornote IEEEauthorblockA ORCID orcidauthor highlights altaffiliation "
    "curraddr dedicatory copyrightyear acmDOI"
)

# Environments
CODE = command_names("verbatim verbatim* Verbatim lstlisting minted alltt algorithmic algorithm2e code")
PICTURE = command_names("tikzpicture pgfpicture picture axis pspicture forest circuitikz")
FORMULAS = frozenset(
    name + star
    for name in command_names("equation align alignat gather multline eqnarray flalign displaymath math dmath")
    for star in ("", "*")
)
LISTS = {
    **dict.fromkeys(command_names("itemize compactitem inparaitem description asparadesc trivlist"), "itemize"),
    **dict.fromkeys(command_names("enumerate compactenum inparaenum asparaenum easylist"), "enumerate"),
}
QUOTES = command_names("quote quotation verse displayquote")
TABULAR = command_names("tabular tabular* tabularx tabulary longtable supertabular xtabular tabu longtabu array tblr")
LEFT = {"comment": "", **dict.fromkeys(command_names("keyword keywords IEEEkeywords CCSXML"), front.AUTHORS)}
ARGUMENTS_OF_ENVIRONMENTS = {
    "minipage": "ooom", "multicols": "m", "paracol": "m", "wrapfigure": "omom",
    "wraptable": "omom", "adjustbox": "m", "spacing": "m", "tcolorbox": "o", "letter": "m",
    "threeparttable": "o", "tablenotes": "o", "list": "mm", "CJK": "mm",
    "CJK*": "mm", "otherlanguage": "m", "otherlanguage*": "m", "subfigure": "om", "subtable": "om", "frame": "oo",
    "titlepage": "", "document": "", "adjustwidth": "mm", "changemargin": "mm", "scope": "o", "mdframed": "o",
    "resizebox": "mm", "sloppypar": "", "appendices": "",
}  # fmt: skip


def take_arguments(body: TexDocument, shape: str) -> None:
    source = body.source
    for kind in shape:
        if kind == "*":
            source.take("*")
        elif kind == "o":
            source.option()
        else:
            source.argument()


def leave_arguments(body: TexDocument, name: str) -> None:
    take_arguments(body, ARGUMENTS[name])


def leave_false_part(body: TexDocument, name: str) -> None:
    r"""Skip from `\iffalse` to its `\else` or `\fi`."""
    source, depth = body.source, 0
    for found in FALSE_PART.finditer(source.text, source.place, source.place + LONGEST_RAW):
        word = found["word"]
        if depth == 0 and word in ("fi", "else"):
            source.place = found.end()
            return
        depth += (word != "else") * (-1 if word == "fi" else 1)
    source.fail()
    body.broken = True


def begin_document(body: TexDocument) -> None:
    """What comes before the document proper is no text."""
    for each in (body.opened, body.names, body.tables, body.unknown, body.notes):
        each.clear()
    body.output = Output()
    body.broken = False
    front.put_abstract(body)


def begin(body: TexDocument, name: str) -> None:
    named = body.source.argument().strip()
    if named == "document":
        begin_document(body)
    elif named in CODE | PICTURE | FORMULAS or named in LEFT:
        write_raw(body, named)
    elif named in LISTS:
        structure.begin_list(LISTS[named], body, named)
    elif named in QUOTES:
        structure.begin_quote(body, named)
    elif named in TABULAR:
        tables.begin_table(body, named)
    elif named in ("thebibliography", "CSLReferences"):
        structure.begin_works(body, named)
    elif named in ("abstract", "onecolabstract"):
        front.begin_abstract(body, "abstract")
        body.opened[-1].name = named
    elif structure.FLOATING.fullmatch(named):
        structure.begin_float(body, named)
        take_arguments(body, ARGUMENTS_OF_ENVIRONMENTS.get(named, "o"))
    else:
        if named not in ARGUMENTS_OF_ENVIRONMENTS:
            take_arguments(body, "o")
        take_arguments(body, ARGUMENTS_OF_ENVIRONMENTS.get(named, ""))
        body.output.flush()
        body.open(named, body.output.flush)


def write_raw(body: TexDocument, named: str) -> None:
    """An environment whose commands are no text: code, a picture, a formula, a comment."""
    most = LONGEST_RAW if named not in FORMULAS else 20_000
    inside = body.source.until(rf"\end{{{named}}}", most)
    if inside is None:
        body.source.fail()
        body.broken = True
    elif named in FORMULAS:
        put_formula(
            body, re.sub(r"\A\s*\{\d+\}", "", inside) if named.startswith("alignat") else inside, stands_alone=True
        )
    elif named in CODE:
        code = inside.partition("\n")[2] if inside.partition("\n")[0].strip()[:1] in ("[", "{") else inside
        body.output.flush()
        body.output.page.block("pre", escape(code.strip("\n"), quote=False))
    elif named in PICTURE:
        body.lose(PICTURES, inside)
    elif LEFT[named]:
        body.lose(LEFT[named], inside)


def end(body: TexDocument, name: str) -> None:
    named = body.source.argument().strip()
    if named == "document":
        body.ended = True
    else:
        body.close_until(named)


def define(body: TexDocument, name: str) -> None:
    defined = body.macros.define(body.source, name)
    if defined is not None and defined[0] not in TEX_COMMANDS and defined[0] not in WITHOUT_TEXT:
        body.macros.known[defined[0]] = defined[1]


def end_paragraph(body: TexDocument, name: str) -> None:
    body.output.paragraph()


def put_and(body: TexDocument, name: str) -> None:
    body.output.put(", ")


TEX_COMMANDS: dict[str, Command] = {
    **dict.fromkeys(ARGUMENTS, leave_arguments),
    **INLINE_COMMANDS,
    **dict.fromkeys(TEX_SECTIONS, structure.write_heading),
    **dict.fromkeys(("caption", "caption*", "captionof", "subcaption", "tablecaption"), structure.write_caption),
    "item": structure.write_tex_item,
    "bibitem": structure.begin_entry,
    **dict.fromkeys(("\\", *LINES), tables.end_row),
    **dict.fromkeys(command_names("hline toprule midrule bottomrule addlinespace cline cmidrule"), tables.write_rule),
    **dict.fromkeys(command_names("endhead endfirsthead endfoot endlastfoot"), tables.end_part_of_table),
    "multicolumn": tables.span_columns,
    **dict.fromkeys(("title", "Title"), front.take_title),
    **dict.fromkeys(("author", "Author", "IEEEauthorblockN"), front.take_author),
    "date": front.take_date,
    **dict.fromkeys(("usepackage", "setdefaultlanguage", "setmainlanguage"), front.use_packages),
    **dict.fromkeys(FRONT, front.leave_front),
    **dict.fromkeys(command_names("todo marginpar fixme missingfigure"), front.leave_remark),
    "abstract": front.take_abstract,
    "texorpdfstring": structure.write_for_print,
    "startdata": tables.end_head,
    **dict.fromkeys(
        command_names("input include subfile import subimport InputIfFileExists verbatiminput"), front.name_file
    ),
    **dict.fromkeys((*DEFINE, *DEFINE_WITH_TEX, "let", "DeclareMathOperator"), define),
    "begin": begin,
    "end": end,
    "par": end_paragraph,
    "iffalse": leave_false_part,
    **dict.fromkeys(("and", "And", "AND"), put_and),
}
