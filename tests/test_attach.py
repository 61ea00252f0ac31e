"""Support of sentences: each rule, and each case where no rule may apply, on a minimal text.

In the texts, `|` ends a sentence, `||` a paragraph, `#` starts a heading, and `[n]` is a citation. Each row gives the
expected support of the last sentence: inherited references, or the named source in quotation marks, or "" for none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.citations.attach import CitingText, attach_support
from qa.citations.sources import find_sources
from qa.conditions import Vocabulary
from qa.models import Citation, Condition, ConditionTag, Section, Sentence, Source, Support, Unresolved
from testkit.back_references import LABELLED, inherited, inherited_in_articles, read_labelled, read_trials

CONDITIONS = Vocabulary(
    [
        Condition("pain", "Pain"),
        Condition("back-pain", "Back pain", parent="pain"),
        Condition("asthma", "Asthma"),
    ]
)
MARK = re.compile(r"\[(\d[\d, ]*)\]")


class Page:
    """A text with its sections, sentences, citations and sources."""

    def __init__(self, written: str) -> None:
        self.text = ""
        self.sections: list[Section] = []
        self.sentences: list[Sentence] = []
        block = 0
        headings: list[str] = []
        for line in (line.strip() for line in written.strip().splitlines()):
            if line.startswith("#"):
                title = line.lstrip("# ")
                headings = [*headings[: line.index(" ") - 1], title]
                tags = tuple(ConditionTag(m.id, "heading") for m in CONDITIONS.find(title))
                over = self.sections[-1].conditions if len(headings) > 1 else ()
                above = tuple(ConditionTag(tag.id, "ancestor") for tag in over)
                self.sections.append(Section(tuple(headings), len(self.text), len(self.text), None, tags or above))
                continue
            self.sections = self.sections or [Section((), 0, 0)]
            for paragraph in line.split("||"):
                block += 1
                for sentence in paragraph.split("|"):
                    self.add(sentence.strip(), block)
        self.citations = [
            Citation(f"c{m.start()}", *m.span(), m[0], "numeric", tuple(m[1].replace(" ", "").split(",")))
            for m in MARK.finditer(self.text)
        ]
        self.sources = find_sources(self.text, self.sentences, self.citations, {})

    def add(self, words: str, block: int) -> None:
        start, end = len(self.text), len(self.text) + len(words)
        section = len(self.sections) - 1
        kind: Any = "lead_in" if words.endswith(":") else "claim"
        tags = CONDITIONS.tag(words, self.sections[section]) if kind == "claim" else ()
        self.sentences.append(Sentence(f"s{len(self.sentences)}", start, end, kind, section, block, tags))
        self.text += words + " "

    def support(self, kind: Any = "summary") -> list[Support]:
        return attach_support(self.citing(kind=kind), self.citations, self.sources)

    def citing(self, **more: Any) -> CitingText:
        return CitingText(self.text, self.sections, self.sentences, ancestors=CONDITIONS.ancestors, **more)


def outcome(support: Support) -> str:
    if support.status == "named_source":
        return " + ".join(f'"{source.text}"' for source in support.named_sources)
    return " ".join(support.references or dict.fromkeys(i.reference for i in support.inherited))


# rule, text, expected
FIRES = [
    # I1: explicitly the same
    ("I1", "Pills helped in a trial of 40 men [1]. | Two men fell ill (ibid.).", "1"),
    ("I1", "A trial found relief [1]. | A review saw none [2]. | The same trial recorded no falls.", "1"),
    ("I1", "A survey of 900 farms found mites [1]. | Hives vary. | In the same survey, losses were lower.", "1"),
    # I2: by name, at any distance, even under another heading
    (
        "I2",
        "# Pain\nThe ORBIT trial compared two pills [1].\n# Asthma\nInhalers help [2]. | ORBIT found fewer attacks.",
        "1",
    ),
    ("I2", "Grabner et al. [1] gave pills to 40 men. | Pain is common. | Grabner and colleagues saw no harm.", "1"),
    ("I2", "In the MAST study, pills helped [1]. | A review disagrees [2]. | In MAST, two men fell ill.", "1"),
    (
        "I2",
        "The ORBIT trial compared two pills [1]. | A trial of rest failed [2]. | The ORBIT trial ran for a year.",
        "1",
    ),
    ("I2", "ORBIT [1] tested pills in 40 men. | A review saw none [2]. | In ORBIT, two men fell ill.", "1"),
    ("I2", "In ORBIT [1], sleep was longer. | Hives vary [2]. | ORBIT enrolled men only.", "1"),
    ("I2", "However, in ORBIT [1], sleep was longer. | Hives vary [2]. | Patients in ORBIT slept well.", "1"),
    ("I2", "Sleep was longer (ORBIT [1]). | Hives vary [2]. | The ORBIT investigators saw no falls.", "1"),
    (
        "I2",
        "A trial of pills, ORBIT [1], failed. | Hives vary [2]. | ORBIT's authors blamed the dose. | ORBIT ran on.",
        "1",
    ),
    ("I2", "STAR*D [1] randomised men. | Hives vary [2]. | In STAR*D, falls were rare.", "1"),
    ("I2", "In STEP 1 [1], weight fell. | In STEP 3 [2], it fell too. | STEP 1 reported more falls.", "1"),
    ("I2", "EMPA-REG OUTCOME [1] enrolled men. | Hives vary [2]. | EMPA-REG OUTCOME found fewer deaths.", "1"),
    ("I2", "ORBIT [1] and REST-2 [2] enrolled men. | Hives vary [3]. | ORBIT and REST-2 found no harm.", "1 2"),
    ("I1", "Lee et al. compared pills [1]. | The same group also reported fewer falls.", "1"),
    # I3: a definite noun refers to the nearest source of its kind
    ("I3", "A trial helped [1]. | The study found less pain.", "1"),
    ("I3", "A trial of 40 men helped [1]. | A 2020 review was cautious [2]. | The study found less pain.", "1"),
    ("I3", "A trial of 40 men helped [1]. | A 2020 review was cautious [2]. | The review warned of bias.", "2"),
    ("I3", "A meta-analysis of 9 trials found relief [1]. | The review did not look at cost.", "1"),
    (
        "I3",
        "# Pain\nA trial of 40 men helped [1].\n## Harms\nThe trial found no falls.",
        "1",
    ),  # across subheadings
    ("I3", "A trial of 40 men helped [1]. || Pain is common. || The trial ran for a year.", "1"),
    ("I3", "A trial of 40 men helped [1]. | The authors caution that it was small.", "1"),
    ("I3", "A trial of pills helped [1]. | According to the trial authors, the effect was small.", "1"),
    ("I3", "A trial of pills helped [1]. | The trialists could not separate pills from rest.", "1"),
    ("I3", "A trial of pills helped [1]. | These authors administered a low dose.", "1"),
    ("I3", "Lee et al. compared pills and rest [1]. | They could not say which was better.", "1"),
    ("I3", "Lee et al. gave pills to 40 men [1]. | They found that 10 mg helped.", "1"),
    ("I3", "In contrast to rest, Lee et al. compared pills [1]. | In addition they found no harm.", "1"),
    ("I3", "Lee et al. saw relief with pills [1]. | Roe et al. saw none [2]. | Both studies were small.", "1 2"),
    ("I3", "A trial helped [1]. | In that study only men who fell said that pills should be free.", "1"),
    ("I3", "Two trials of pills failed [1,2]. | In these trials high doses were given.", "1 2"),
    ("I3", "Lee and Roy [1] counted bees. | Their study covered two summers.", "1"),
    ("I3", "Lee et al. [1] counted bees. | They found fewer in June.", "1"),
    ("I3", "Two trials of pills failed [1,2]. | Both trials were small.", "1 2"),
    ("I3", "An audit of 30 schools found mould [1]. | The report called for vents.", "1"),
    # I4: an arm of the only trial nearby
    ("I4", "In a trial of 40 men, pills helped [1]. | Pain was lower in the pill group.", "1"),
    ("I4", "In a trial of 40 men, pills helped [1]. || Sleep was better in the control arm.", "1"),
    ("I4", "In a trial of 40 men, pills helped [1]. | Participants were followed for a year.", "1"),
    ("I4", "A trial of pills helped [1]. | A review agreed [2]. | Dropout was higher in the placebo group.", "1"),
    # I5: continuations
    ("I5", "Pills halved pain [1]. | These results held for a year.", "1"),
    ("I5", "Pills halved pain [1]. | Key finding: relief was quick.", "1"),
    ("I5", "Pills halved pain [1]. | The difference was significant.", "1"),
    ("I5", "Pills halved pain [1,2]. | This effect lasted a week.", "1 2"),
]

# why nothing is inherited, text, the support of the last sentence instead
BLOCKED = [
    (
        "an indefinite new source",
        "A trial helped [1]. | A 2023 review of 9 trials found relief.",
        '"A 2023 review of 9 trials"',
    ),
    (
        "COPD is an illness",
        "In COPD [1], sleep was longer. | Patients with COPD fall [2]. | In COPD, falls were rare.",
        "",
    ),
    (
        "written out",
        "SMRI [1] compared men. | Structural magnetic resonance imaging (SMRI) is old [2]. | SMRI was slow.",
        "",
    ),
    ("a test score", "In PHQ9 [1], men scored low. | PHQ9 scores fell [2]. | In PHQ9, men were sad.", ""),
    ("an organisation", "Pills are sold in the UK [1]. | Hives vary [2]. | In the UK, pills were banned.", ""),
    ("another trial of the series", "In STEP 1 [1], weight fell. | Hives vary [2]. | In STEP 3, it rose.", ""),
    ("a trial compared", "ORBIT [1] tested pills. | Hives vary [2]. | Unlike ORBIT, new pills were given daily.", ""),
    ("a trial with two works", "In ORBIT [1], men slept. | In ORBIT [2], men fell. | ORBIT found no harm.", '"ORBIT"'),
    ("the same group of patients", "A trial of pills helped [1]. | The same group had fewer falls.", ""),
    ("what the group did later", "Lee et al. tested pills [1]. | The same group later tested rest.", ""),
    (
        "advice made of a work",
        "Guidelines advise rest [1]. | Implementing these guidelines, nurses face new tasks.",
        "",
    ),
    ("participants report", "Lee et al. gave pills to 40 men [1]. | They reported less pain.", ""),
    ("generic plural", "A trial helped [1]. | Reviews emphasize that pills work.", '"Reviews"'),
    (
        "a source named without a citation, then referred to",
        "A trial helped [1]. | A 2023 review of 9 trials found relief. | The review saw bias.",
        '"A 2023 review of 9 trials"',
    ),
    (
        "named survey wins by nearness",
        "A survey found mites [1]. | A 2021 survey found none. | The survey asked few.",
        '"A 2021 survey"',
    ),
    ("approval", "In a trial of 40 men, pills helped [1]. | There is no approved drug for the pill group.", ""),
    ("advice", "Pills halved pain [1]. | These results should be read with care.", ""),
    ("definition", "A trial helped [1]. | Pain is defined as an unpleasant feeling.", ""),
    ("no cue: also", "A review of pills was kind [1]. | Pills may also help with sleep.", ""),
    ("summing up", "A trial helped [1]. | Overall, the trial found that pills work.", ""),
    ("summing up", "Pills halved pain [1]. | Taken together, these results are promising.", ""),
    ("another condition", "# Pain\nA trial of pills helped [1]. | The study found that asthma got worse.", ""),
    ("a new top-level heading", "# Pain\nA trial helped [1].\n# Costs\nThe study found savings.", ""),
    (
        "a new top-level heading under a title",
        "# Pills\n## Help\nA trial helped [1].\n## Costs\nThe study found savings.",
        "",
    ),
    (
        "a subheading ends the scope of an arm",
        "# Pain\nA trial helped [1].\n## Harms\nFalls were rarer in the pill group.",
        "",
    ),
    ("kind: a review is not a trial", "A review of pills was kind [1]. | The trial found relief.", ""),
    ("kind: a guideline is not a study", "A guideline advises rest [1]. | The study found relief.", ""),
    (
        "two trials to choose from",
        "A trial by Lee [1] helped, and a trial by Roy [2] did not. | The trial found relief.",
        "",
    ),
    (
        "two trials in the paragraph",
        "A trial helped [1]. | Another trial failed [2]. | Pain was lower in the pill group.",
        "",
    ),
    ("one of several", "A trial helped [1]. | The larger trial found relief.", ""),
    ("singular after several", "Three trials helped [1,2,3]. | The trial found relief.", ""),
    (
        "a name shared by two works",
        "Lee et al. [1] saw relief. | Lee et al. [2] saw none. | Lee and colleagues also saw falls.",
        '"Lee and colleagues"',
    ),
    ("a group that is not an arm", "A trial helped [1]. | Pain was commoner in the older age group.", ""),
    ("a compound noun", "A trial helped [1]. | The trial design was criticised.", ""),
    ("a study of something", "A trial helped [1]. | The study of pain was born in 1900.", ""),
    ("the document itself", "A review of pills was kind [1]. || Pain is common. || This review covers children.", ""),
    ("future research", "A trial helped [1]. | Further studies are needed.", ""),
    (
        "approval ends the scope of an arm",
        "A trial helped [1]. | There is no approved drug. | Relief was quicker in the pill group.",
        "",
    ),
    ("nothing to continue", "Pain is common. | These results are promising.", ""),
    (
        "the second step is the last",
        "A trial helped [1]. | These results held. | This effect lasted. | This effect grew.",
        "",
    ),
    ("a qualifier that no source has", "A trial of 40 men helped [1]. | The pilot trial found relief.", ""),
    ("a bare citation in another paragraph", "Pills helped [1]. || Pain is common. || The study found relief.", ""),
    ("the authors' own study", "A trial helped [1]. | In the present study, relief was quick.", ""),
    (
        "another source of that kind in the sentence",
        "A trial helped [1]. | In a small trial, rest failed; the trial was short.",
        '"a small trial"',
    ),
    ("an abbreviation before a citation is not a name", "Pain was on a scale (VAS [1]). | VAS was lower in June.", ""),
    # people and organisations without a reference compete
    (
        "a team named between",
        "A trial helped [1]. | A team at Yale found none. | The authors warned of the dose.",
        '"A team at Yale"',
    ),
    (
        "researchers named between",
        "Lee et al. [1] saw relief. | Researchers in Oslo reported none. | They warned of the dose.",
        '"Researchers in Oslo"',
    ),
    (
        "an organisation named between",
        "A review helped [1]. | According to NICE, it is weak. | The review was small.",
        '"NICE"',
    ),
    (
        "a review does not refer to an organisation outside the paragraph",
        "NICE found it weak. || A review saw relief [1]. || The review was small.",
        "1",
    ),
    (
        "an organisation that was named before",
        "A survey of 90 schools found mould [1]. | The agency found none. | Its report was short.",
        "",
    ),
    (
        "what they did later is another work",
        "Lee et al. [1] saw relief. | Lee and colleagues later ran two trials.",
        '"Lee and colleagues"',
    ),
    # subjects that a pronoun refers to
    ("they: participants", "Lee et al. [1] asked 40 farmers. | They reported losses.", ""),
    ("they: not the subject", "Bees fell by half [1]. | They found other flowers.", ""),
    ("they: people are not a trial", "A trial of visits enrolled 200 patients [1]. | They reported less pain.", ""),
    ("it: not the subject", "Lee et al. [1] tried the pill. | It showed no harm.", ""),
    ("a quotation", "Lee et al. [1] saw relief. | “They found it hard,” said a nurse.", ""),
    # surnames with other meanings
    ("a month", "Rest helped (May, 2018) [1]. | May shows more falls.", ""),
    (
        "an ordinary word in this text",
        "Young et al. [1] ran hostels. | The young leave home. | Young found no room.",
        "",
    ),
    ("a town in this text", "Lund et al. [1] built flats. | Rents fell in Lund. | Lund found more tenants.", ""),
    ("a person with a title", "Lee et al. [1] built flats. | Dr Lee reported that money was short.", ""),
    ("another first name", "Lee et al. [1] built flats. | Ann Lee argued that money was short.", ""),
    # court trials
    ("a court trial", "Juries are fair [1]. | The trial judge agreed. | They appealed the trial.", ""),
    ("defendants", "Juries are fair [1]. | At trial, two men spoke. | The trial took nine days.", ""),
    ("an audit is not a guideline", "A guideline advises rest [1]. | The audit found delays.", ""),
    (
        "two bare citations to choose from",
        "Pills helped [1]. | Rest helped too [2]. | Pain is common. | The study found no harm.",
        "",
    ),
    ("not shown", "A trial helped [1]. | <!-- The trial found harm.", ""),
    ("unpublished work is another work", "Lee et al. [1] saw relief. | Lee et al., in preparation, saw none.", ""),
]

# a research article refers to itself
OWN = [
    ("A trial of rest failed [1]. | The study was approved by the committee.", ""),
    ("Rest is common [1]. | The study found that pills work.", ""),
    ("A trial of rest failed [1]. | In this trial, pills worked.", ""),
    ("A trial of rest failed [1]. | Pain was lower in the pill group.", ""),
    ("A trial of rest failed [1]. | We found these results convincing.", ""),
    ("Our trial confirms a trial of rest [1]. | These findings were robust.", ""),
    # but these refer to someone else's work
    ("Lee et al. [1] tried rest. | In that study, pain grew.", "1"),
    ("A further study tried rest [1]. | The study reported no relief.", "1"),
    ("Lee et al. [1] tried rest. | The authors noted more pain.", "1"),
    ("Rest made pain worse [1]. | These findings suggest that pills are better.", "1"),
    ("An earlier study tried rest [1]. | However, this earlier study did not look at sleep.", "1"),
    ("Lee et al. reported more pain with rest [1]. | In their study, rest was long.", "1"),
    ("One trial tried rest [1], another study pills [2]. | In this latter study, pain fell.", "2"),
    ("A meta-analysis found relief [1]. | This meta-analysis suggested a benefit of rest.", "1"),
    ("Unlike our study, Lee et al. [1] found pain. | They found that rest was long.", "1"),
    ("Two trials tried rest [1,2]. | Pain was shorter than in the previous studies.", ""),
]


@pytest.mark.parametrize(("rule", "text", "expected"), FIRES, ids=[f"{r}: {t[-60:]}" for r, t, _ in FIRES])
def test_rule(rule: str, text: str, expected: str) -> None:
    page = Page(text)
    last = page.support()[-1]
    assert outcome(last) == expected
    assert {inheritance.rule for inheritance in last.inherited} == {rule}
    assert last.status == "inherited"
    for inheritance in last.inherited:
        assert page.text[inheritance.cue_start : inheritance.cue_end] == inheritance.cue


@pytest.mark.parametrize(("why", "text", "expected"), BLOCKED, ids=[f"{w}: {t[-40:]}" for w, t, _ in BLOCKED])
def test_blocked(why: str, text: str, expected: str) -> None:
    assert outcome(Page(text).support()[-1]) == expected


# rows of a table, and the support of the sentence below the table
@pytest.mark.parametrize(
    ("row", "below", "expected"),
    [
        ("Gum, 15% [2]", "The authors found that doses matter.", ""),
        ("Gum, 15% [2]", "They found that doses matter.", ""),
        ("Gum, 15% [2]", "The review found that doses matter.", ""),
        ("Gum, 15%", "The review found that doses matter.", "1"),
    ],
)
def test_nothing_below_a_table_refers_to_a_row(row: str, below: str, expected: str) -> None:
    page = Page(f"A review of gum was kind [1]. || {row} || {below}")
    *_, last = attach_support(page.citing(tables={page.sentences[1].block}), page.citations, page.sources)
    assert outcome(last) == expected


def test_unresolved_citations_compete() -> None:
    """ "The study" after "(Kamau, 2020)" is Kamau's, whether it is in the list or not."""
    page = Page("A trial of walks helped [1]. | Running was better [2]. | The study had 90 runners.")
    lost = [
        replace(c, references=(), unresolved=(Unresolved("2", ()),)) if c.text == "[2]" else c for c in page.citations
    ]
    sources = find_sources(page.text, page.sentences, lost, {})
    supports = attach_support(page.citing(), lost, sources)
    assert [(s.status, s.references, s.named_sources) for s in supports[1:]] == [
        ("cited", (), ()),
        ("uncited", (), ()),
    ]


@pytest.mark.parametrize(("text", "expected"), OWN)
def test_own_research(text: str, expected: str) -> None:
    assert outcome(Page(text).support("research")[-1]) == expected


def test_a_surname_means_the_only_work_of_its_author() -> None:
    """The list tells whose works they are; a name that two works have, or one not cited before, means none."""
    text = "Two trials of pills failed [1,2]. | Rest is common [3]. | {} and colleagues saw falls."
    for name, expected in (("Lee", "1"), ("Roe", ""), ("Poe", "")):
        page = Page(text.format(name))
        citing = page.citing(surnames={"Lee": "1", "Poe": "4"})  # Roe has two works
        sources = find_sources(page.text, page.sentences, page.citations, {})
        support = attach_support(citing, page.citations, sources)[-1]
        assert " ".join(i.reference for i in support.inherited) == expected, name


def test_original_research_is_recognised_by_its_headings() -> None:
    """An owner who does not declare an article as research gets no wrong citations."""
    told = "Rest failed in a trial of 40 men [1]. | The study found relief."
    summary, article = f"# Background\n{told}\n# Notes\nNone.", f"# Methods\n{told}\n# Results\nNone."
    assert outcome(Page(summary).support()[1]) == "1"
    assert outcome(Page(article.replace("found", "had")).support()[1]) == ""


def test_labelled_back_references(data: Path) -> None:
    """Precision comes first. When this was written: precision 21 of 21, recall 21 of 33."""
    count = inherited(list(read_trials(data / "citations" / "back_references.json")), "research")
    assert count.right >= 0.95 * count.found
    assert count.right >= 0.6 * count.wanted


@pytest.mark.slow
def test_labelled_back_references_in_whole_articles(data: Path) -> None:
    """When this was written: precision 23 of 23, recall 23 of 36."""
    count = inherited_in_articles(data / "jats", read_labelled(LABELLED))
    assert count.right >= 0.95 * count.found
    assert count.right >= 0.6 * count.wanted


def test_inherited_twice_is_two_steps() -> None:
    *_, first, second = Page(
        "A trial of 40 men helped [1]. | The study found relief. | Falls were rarer in the pill group."
    ).support()
    assert [(i.antecedent, i.steps) for i in first.inherited] == [("s0", 1)]
    assert [(i.antecedent, i.steps) for i in second.inherited] == [("s1", 2)]


def test_later_sentences_inherit_from_one_that_is_near_enough() -> None:
    """Five sentences about one trial: all inherit it, none in more than two steps."""
    told = " | ".join(["A trial of 40 men helped [1].", *["The trial found more."] * 5])
    supports = Page(told).support()[1:]
    assert [s.inherited[0].steps for s in supports] == [1, 2, 2, 2, 2]


def test_a_lead_in_has_no_support_and_does_not_block() -> None:
    supports = Page("A trial helped [1]. | The study found:|| The study found less pain.").support()
    assert [s.status for s in supports] == ["cited", "uncited", "inherited"]


def test_cited_next_to_a_source_without_reference() -> None:
    support = Page("A 2025 review (see [1]) and other research on rest have reported relief.").support()[0]
    assert (support.status, support.references) == ("cited", ("1",))
    assert [source.text for source in support.named_sources] == ["other research on rest"]


# --- sources -------------------------------------------------------------------------------------

# sentence, the phrase for its source and its kind; no phrase if it names none
PHRASES: list[tuple[str, str, str]] = [
    # the whole noun phrase, with brackets, up to the verb
    (
        "A 2023 systematic review of 11 studies (854 adults) concluded that pills work.",
        "A 2023 systematic review of 11 studies (854 adults)",
        "review",
    ),
    (
        "A 2018 report by the transport ministry put the gain at 50%.",
        "A 2018 report by the transport ministry",
        "report",
    ),
    # without a result in brackets
    ("Honey failed in a 2019 trial of 108 people (relative risk 1.02).", "a 2019 trial of 108 people", "trial"),
    # no year or size, but a reporting verb
    ("A small cohort study suggested that four in ten slip back.", "A small cohort study", "cohort"),
    ("In adults, recent reviews show relief.", "recent reviews", "review"),
    ("One study developed a tree of decisions.", "One study", "study"),
    ("A Danish review came to another view.", "A Danish review", "review"),
    ("Takahashi et al. measured the flow.", "Takahashi et al.", ""),
    ("Lund and co-authors found more jobs.", "Lund and co-authors", ""),
    # by name
    ("The 2019 NICE guideline recommends rest.", "The 2019 NICE guideline", "guideline"),
    ("The PREDIMED trial found fewer strokes.", "The PREDIMED trial", "trial"),
    # people and organisations
    ("A team at Yale found fewer falls.", "A team at Yale", "actor"),
    ("Researchers in Oslo reported savings.", "Researchers in Oslo", "actor"),
    ("According to NICE, five days are enough.", "NICE", "actor"),
    ("According to the Food Standards Agency, targets worked.", "the Food Standards Agency", "actor"),
    ("In 2019, the FDA noted doubts.", "the FDA", "actor"),
    ("The World Health Organization (WHO) estimates this.", "The World Health Organization", "actor"),
    ("STEP, in China, found the same.", "STEP", "actor"),
    ("A hospital in Leeds audited 300 cases.", "A hospital in Leeds", "actor"),
    # none
    ("Evidence for pills is growing.", "", ""),
    ("More research is needed.", "", ""),
    ("No study so far has looked at snow.", "", ""),
    ("Further trials are under way.", "", ""),
    ("Its effects on puberty have not been studied in a controlled trial.", "", ""),
    ("No dose has ever been tested for safety in a randomized trial.", "", ""),
    ("It was never evaluated in a proper trial.", "", ""),
    ("Lanes should be tested in a larger trial.", "", ""),
    ("It hasn't been shown in a trial.", "", ""),
    ("Lanes did not help in a controlled trial.", "a controlled trial", "trial"),  # a study that was done
    ("Pain had not been studied in a 2019 trial of 50 riders.", "a 2019 trial of 50 riders", "trial"),
    ("A trial of lithium may be offered.", "", ""),  # an attempt
    ("Trial and error is still the way.", "", ""),
    ("Ask for a review of your tablets.", "", ""),
    ("The study design is simple.", "", ""),
    ("Studies of children are lacking.", "", ""),
    ("The coroner told the 2022 inquiry that heat kills.", "", ""),
    ("The team reports that it rained.", "", ""),  # a verb
    ("HDL showed a rise.", "", ""),  # a thing in capitals
    ("A group of patients reported less pain.", "", ""),  # participants
    ("People in England reported pain.", "", ""),
]


@pytest.mark.parametrize(("text", "phrase", "kind"), PHRASES)
def test_named_source(text: str, phrase: str, kind: str) -> None:
    expected = [(phrase, kind)] if phrase else []
    assert [(source.text, source.kind) for source in Page(text).sources] == expected


MARKED = [
    # citation directly after the noun
    ("A trial [1] helped, though a 2020 review was cautious.", [("A trial [1]", ("1",)), ("a 2020 review", ())]),
    # citation at the end, for the work mentioned before
    ("A recent meta-analysis that pooled 10 trials found relief [1].", [("A recent meta-analysis", ("1",))]),
    ("Studies have shown relief [1,2].", [("Studies", ("1", "2"))]),
    # no noun: the citation itself
    ("Pills helped [1].", [("[1]", ("1",))]),
]


@pytest.mark.parametrize(("text", "expected"), MARKED)
def test_sources_with_marks(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(source.text, source.references) for source in Page(text).sources] == expected


# --- properties ----------------------------------------------------------------------------------

PIECES = [
    "A 2022 trial of 40 men helped [1].",
    "A review of 9 trials found relief [2, 3].",
    "A 2023 survey found mites.",
    "Lee et al. [4] saw relief.",
    "The study found less pain.",
    "The review warned of bias.",
    "These results held.",
    "Lee and colleagues saw falls.",
    "Both trials were small.",
    "The authors noted harm (ibid.).",
    "Relief was quicker in the pill group.",
    "Key finding: pain was lower.",
    "Overall, reviews support pills.",
    "There is no approved drug.",
    "In short:",
    "They reported asthma.",
]
pages = st.lists(
    st.sampled_from([*PIECES, "\n# Pain\n", "\n## Harms\n", "\n# Asthma\n", " || "]), min_size=1, max_size=25
)


def written(pieces: Sequence[str]) -> str:
    text = "Start."
    for piece in pieces:
        text += (
            piece
            if piece.strip() in ("||",) or piece.startswith("\n")
            else ("" if text.endswith(("\n", "|| ")) else " | ") + piece
        )
    return re.sub(r"\n(?:\s*\|\|\s*)+|(?:\s*\|\|\s*)+(?=\n|$)", "\n", text)


@given(pages, st.sampled_from(["summary", "research"]))
def test_inherited_sources_come_from_earlier_sentences(pieces: list[str], kind: str) -> None:
    """At most two steps, always from an earlier sentence with that reference, with verbatim cues; and no sentence has
    a reference that no earlier citation has."""
    page = Page(written(pieces))
    supports = page.support(kind)
    number_of = {sentence.id: number for number, sentence in enumerate(page.sentences)}
    for number, support in enumerate(supports):
        for taken in support.inherited:
            there = number_of[taken.antecedent]
            before = supports[there]
            steps = {i.steps for i in before.inherited if i.reference == taken.reference} | (
                {0} if taken.reference in before.references else set()
            )
            assert there < number
            assert taken.steps - 1 in steps
            assert taken.steps <= 2
            assert page.text[taken.cue_start : taken.cue_end] == taken.cue
            assert page.sentences[number].start <= taken.cue_start < taken.cue_end <= page.sentences[number].end


@given(pages)
def test_status_is_the_first_that_applies(pieces: list[str]) -> None:
    page = Page(written(pieces))
    for sentence, support in zip(page.sentences, page.support(), strict=True):
        marked = any(sentence.start <= c.start < sentence.end for c in page.citations)
        first = (
            "cited"
            if marked
            else "inherited"
            if support.inherited
            else "named_source"
            if support.named_sources
            else "uncited"
        )
        assert support.status == (first if sentence.kind == "claim" else "uncited")


def test_sources_quote_the_text() -> None:
    page = Page(" | ".join(PIECES))
    assert page.sources
    for source in page.sources:
        assert isinstance(source, Source)
        assert page.text[source.start : source.end] == source.text
