"""Lists of works that no heading announces as such: what is one, what is none, and that no character is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.citations.lists import with_found_lists
from qa.readers.markdown import read_markdown
from qa.readers.text import read_text
from testkit.reading_contract import broken_promises
from tests.test_dialects import sentences

A = "Reyes A, Ito B (2019) Protected lanes. J Roads 4, 10–19."
B = "Ito B (2020) Painted lanes. J Roads 5, 30–39."
C = "Osei C et al. (2021) More paint. Lancet 6, 40–49."
ONE = "Reyes A, Ito B. Protected lanes. J Roads. 2019;4(2):10-19."
TWO = "Ito B. Painted lanes. J Roads. 2020;5(1):30-39."
SIX = "Osei C, Wu E, Adu D. More paint. Lancet. 2021;6(3):40-49."
BY_NAME = "Lanes helped (Reyes and Ito, 2019). Paint did not (Ito, 2020). Nor did more (Osei et al., 2021)."
BY_NUMBER = "Lanes helped [1]. Paint did not [2]. Nor did more [3]."
RAISED = "Lanes helped.¹ Paint did not.² Nor did more.³"

FOUND = [
    # (why, marks, list below them); each is read as Markdown, and as text if it has no markup
    ("a bold label", BY_NAME, f"**Sources.** {A} {B} {C}"),
    ("a label in italics", BY_NAME, f"*What we read:* {A} {B} {C}"),
    ("numbers that run on", BY_NUMBER, f"Sources: 1. {ONE} 2. {TWO} 3. {SIX}"),
    ("a dash, brackets and semicolons", BY_NUMBER, f"References – [1] {ONE}; [2] {TWO}; [3] {SIX}"),
    ("round brackets", "Lanes helped (1). Paint did not (2). Nor did more (3).", f"Sources used here: (1) {ONE} (2) {TWO} (3) {SIX}"),
    ("raised numbers", RAISED, f"Sources: 1. {ONE} 2. {TWO} 3. {SIX}"),
    ("lines below a bold line", BY_NAME, f"**Where the figures come from**\n\n{A}\n{B}\n{C}"),
    ("lines below a label", BY_NAME, f"Sources:\n{A}\n{B}\n{C}"),
    ("lines below a label, with signs of a line end", BY_NAME, f"**Sources**  \n{A}  \n{B}  \n{C}"),
    ("items below a label", BY_NAME, f"**What we used:**\n\n* {A}\n* {B}\n* {C}"),
    ("items below an unusual heading", BY_NAME, f"## Our evidence\n\n- {A}\n- {B}\n- {C}"),
    ("numbered items below an unusual heading", BY_NUMBER, f"## Our evidence\n\n1. {ONE}\n2. {TWO}\n3. {SIX}"),
    ("numbered paragraphs below an unusual heading", BY_NUMBER, f"## Our evidence\n\n[1] {ONE}\n\n[2] {TWO}\n\n[3] {SIX}"),
    ("a heading in another language", BY_NAME, f"## Källor\n\n- {A}\n- {B}\n- {C}"),
    ("a heading of references, but run together", BY_NAME, f"## References\n\n{A} {B} {C}"),
    ("numbers run together below a heading of references", BY_NUMBER, f"## References\n\n1. {ONE} 2. {TWO} 3. {SIX}"),
    ("books and articles apart", BY_NAME, f"## References\n\n### Books\n\n- {A}\n\n### Articles\n\n- {B}\n- {C}"),
    ("a heading within that names a list", BY_NAME, f"## 8 References\n\n### 8.1 General references\n\n{A}\n\n### 8.2 Papers\n\n{B}\n\n{C}"),
    ("some entries that say little", BY_NUMBER, f"## References\n\n1. {ONE} 2. {TWO} 3. {SIX} 4. Rider counts 2024. 5. Seed tests: https://example.org/seeds"),
    ("a line that goes on below", BY_NAME, f"## References\n\n{A.replace(' Protected', chr(10) + 'protected')}\n\n{B}\n\n{C} {'More on paint in towns. ' * 12}"),
    ("no heading", BY_NAME, f"---\n\n{A}\n\n{B}\n\n{C}"),
    ("a quotation", BY_NAME, f"> **Sources:** {A} {B} {C}"),
    ("line ends of HTML", BY_NAME, f"**Sources**<br>{A}<br>{B}<br>{C}"),
    ("the year last", BY_NAME, f"**Read for this page:** {ONE} {TWO} {SIX}"),
    ("APA", BY_NAME, "**Works consulted:** Reyes, A., & Ito, B. (2019). Protected lanes. *J Roads*, *4*(2), 10–19. Ito, B. (2020). Painted "
     "lanes. *J Roads*, *5*(1), 30–39. Osei, C., Wu, E., & Adu, D. (2021). More paint. *Lancet*, *6*, 40–49."),
    ("Chicago", BY_NAME, "**Works consulted:** Reyes, Ana, and Bo Ito. 2019. “Protected Lanes.” *J Roads* 4: 10–19. Ito, Bo. 2020. “Painted "
     "Lanes.” *J Roads* 5: 30–39. Osei, Cy, Ed Wu, and Di Adu. 2021. “More Paint.” *Lancet* 6: 40–49."),
    ("MLA", BY_NAME, '**Works consulted.** Reyes, Ana, and Bo Ito. "Protected Lanes." *J Roads*, vol. 4, no. 2, 2019, pp. 10–19. Ito, Bo. '
     '"Painted Lanes." *J Roads*, vol. 5, 2020, pp. 30–39. Osei, Cy, et al. "More Paint." *Lancet*, vol. 6, 2021, pp. 40–49.'),
    ("Harvard", BY_NAME, "*Read for this page:* Reyes, A. and Ito, B. (2019) ‘Protected lanes’, *J Roads*, 4(2), pp. 10–19. Ito, B. (2020) "
     "‘Painted lanes’, *J Roads*, 5, pp. 30–39. Osei, C. et al. (2021) ‘More paint’, *Lancet*, 6, pp. 40–49."),
    ("surnames only", BY_NAME, '*What we read:* Reyes & Ito, "Protected lanes," J Roads 4 (2019). Ito, "Painted lanes," J Roads 5 (2020). '
     'Osei et al., "More paint," Lancet 6 (2021).'),
    ("reports, known by their emphasis", BY_NAME, "**Sources.** Reyes A, Ito B (2019) *Protected lanes*. Ito B (2020) *Painted lanes*. "
     "Osei C et al. (2021) *More paint*, Roads Press."),
]  # fmt: skip
AS_BOTH = [
    (why, marks, below, name)
    for why, marks, below in FOUND
    for name in ("a.md", "a.txt")
    if name == "a.md" or not set(below) & set("*#<>")
]


@pytest.mark.parametrize(("why", "marks", "below", "name"), AS_BOTH, ids=[f"{case[0]}, {case[3]}" for case in AS_BOTH])
def test_lists_are_known_by_their_entries(why, marks, below, name):
    found = sentences(f"{'# ' * (name == 'a.md')}Lanes\n\n{marks}\n\n{below}\n", name)
    assert [works for _, works in found] == [("protected",), ("painted",), ("more",)], why


ON_PAGES = [
    # (why, marks, list of a web page)
    ("numbers that a browser draws", BY_NUMBER, f"<h3>What this is based on</h3><ol><li>{ONE}<li>{TWO}<li>{SIX}</ol>"),
    ("items", BY_NAME, f"<h3>What this is based on</h3><ul><li>{A}<li>{B}<li>{C}</ul>"),
    ("line ends", BY_NUMBER, f"<h3>What this is based on</h3><p>[1] {ONE}<br>[2] {TWO}<br>[3] {SIX}</p>"),
    ("line ends below a heading of references", BY_NAME, f"<h3>References</h3><p>{A}<br>{B}<br>{C}</p>"),
    ("a label", BY_NAME, f"<p><strong>Sources:</strong> {A} {B} {C}</p>"),
    ("definitions", BY_NUMBER, f"<h4>Källor</h4><dl><dt>1<dd>{ONE}<dt>2<dd>{TWO}<dt>3<dd>{SIX}</dl>"),
    ("small print", BY_NUMBER, f"<p><small>Sources: 1. {ONE} 2. {TWO} 3. {SIX}</small></p>"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "marks", "below"), ON_PAGES, ids=[case[0] for case in ON_PAGES])
def test_lists_of_web_pages(why, marks, below):
    page = f"<html><body><article><h1>Lanes</h1><p>{marks}</p>{below}</article></body></html>"
    assert [works for _, works in sentences(page, "a.html")] == [("protected",), ("painted",), ("more",)], why


def test_an_entry_may_name_several_works_of_its_authors():
    below = "**Sources.** Reyes A (2011) Lanes. *J Roads* 4:30–44; (2013) Signs. *J Roads* 6:71–88. Ito B (2006, 2016) Papers on paint. *J Roads* 3, 11."
    found = sentences(
        f"So (Reyes, 2011). And so (Reyes 2013). Paint (Ito 2016) and more of it (Ito 2006).\n\n{below}\n"
    )
    assert [works for _, works in found] == [("lanes",), ("signs",), ("papers",)]


AFTER_THE_LIST = [
    # (why, what is below the list, its sentences)
    ("captions", "Table 1: Riders by year, 2019.\n\n**Figure 2.** Lanes in 2020.", ["Table 1: Riders by year, 2019.", "**Figure 2.** Lanes in 2020."]),
    ("a part of its own", "### How we searched\n\nWe asked two towns.", ["We asked two towns."]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "below", "found"), AFTER_THE_LIST, ids=[case[0] for case in AFTER_THE_LIST])
def test_what_follows_a_list_is_no_entry(why, below, found):
    text = f"{BY_NAME}\n\n## References\n\n{A}\n\n{B}\n\n{C}\n\n{below}\n"
    assert [sentence for sentence, _ in sentences(text)][3:] == found


NOT_LISTS = [
    # (why, text of which every sentence stays a sentence, how many they are)
    ("sentences that begin with a work", "Reyes A (2019) found that lanes help. Ito B (2020) found that paint does not.", 2),
    ("sentences behind a label", "**In short.** Reyes A (2019) saw fewer crashes. Ito B (2020) saw as many as before.", 2),
    ("works with a summary", f"## Key studies\n\n- {A} In this trial of 300 riders, crashes were halved.\n- {B} In this cohort, they were not.", 4),
    ("a single work", f"The figures are from one paper. {A}", 3),
    ("officers and years", "Board: Reyes A (2019) Chair. Ito B (2020) Treasurer. Osei C (2021) Member.", 3),
    ("advice with years and addresses", "## Advice\n\n1. Read the guide of 2019: https://example.org/a.\n2. Ask the council, whose plan of 2020 is public.", 2),
    ("results by study", "## Results\n\n- Reyes A (2019): RCT, 300 riders, crashes down by 20%.\n- Ito B (2020): cohort, 90 riders, no change.", 2),
    ("another list", f"Lanes helped [1].\n\n## Also read\n\n1. {TWO}\n2. {SIX}\n\n## References\n\n1. {ONE}", 3),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "count"), NOT_LISTS, ids=[case[0] for case in NOT_LISTS])
def test_what_is_no_list_stays_text(why, text, count):
    read = read_markdown(text)
    kept = with_found_lists(read)
    assert [block for block in kept.blocks if block.kind != "reference"] == [
        block for block in read.blocks if block.kind != "reference"
    ], why
    assert len(sentences(text)) >= count, why


PARTS = st.lists(
    st.sampled_from(
        [A, B, C, ONE, TWO, SIX, " ", "\n", "\n\n", "**Sources.** ", "*Read:* ", "## Lanes\n\n", "1. ", "2. ", "[1] ", "[2] ",
         "; ", " / ", "(2013) 6:71–88. ", "<br>", "- ", "> ", "“Lanes.” ", "*", "_", "**", "&amp;", "A. ", "Sources: "]
    )
).map("".join)  # fmt: skip


@pytest.mark.parametrize("read", [read_text, read_markdown])
@given(text=PARTS)
def test_no_character_is_lost(read, text):
    reading = with_found_lists(read(text))
    assert reading.text == text
    assert broken_promises(reading) == []
