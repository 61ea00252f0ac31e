"""Names of trials: which capital words name a cited study, and where a later sentence means the study by its name.

"COPD (3)" has the shape of "ORBIT (3)", so the document decides: it calls the one a trial, or the other an illness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from qa.citations.cues import OPENING, PAST
from qa.citations.noun_phrases import VERB_AHEAD

# ORBIT, STAR*D, REST-2, STEP 1, EMPA-REG OUTCOME
WORD_OF_NAME = r"[A-Z](?=[\w*+-]*[A-Z\d])[\w*+-]*\w"
NAME_OF_TRIAL = re.compile(rf"\b{WORD_OF_NAME}(?: (?:\d{{1,3}}|[A-Z]{{4,}})\b)?")
NAMED_IN_PHRASE = re.compile(
    rf"\b(?:[Tt]he|[Ii]ts) (?:[a-z-]+ ){{0,3}}(?P<before>{NAME_OF_TRIAL.pattern})"
    r"(?= (?:trial|study|survey|cohort|project)\b)"
    rf"|\b(?:trial|study|survey|cohort)s? \((?P<after>{NAME_OF_TRIAL.pattern})\)"
    rf"|\b(?:[Cc]alled|[Nn]amed|[Kk]nown as) (?P<called>{NAME_OF_TRIAL.pattern})\b"
)
BEFORE_MARK = re.compile(rf"(?P<name>{NAME_OF_TRIAL.pattern})[*_]*[;,:]?\s?[(\[]?\Z")
LONGEST_NAME = 60  # characters
SHORTEST_NAME = 4  # letters, if nothing but its place says that it is a trial: shorter are mostly MRI, HIV or UK

STUDIES = r"(?:trials?|stud(?:y|ies)|surveys?|cohorts?|projects?|regist(?:ry|er)|experiments?)"
PEOPLE_OF_STUDY = (
    r"(?:investigators|trialists|researchers|authors|team|collaborators|steering committee|"
    r"(?:study|research|trial|writing) (?:group|team))"
)
ENROLLED = r"(?:randomi[sz]ed|enrolled|recruited|allocated|assigned)"
# "ORBIT [1] compared", "ORBIT [1] and REST-2 [2] compared"
OTHERS_WITH_MARKS = rf"(?:,? (?:and )?{WORD_OF_NAME}(?: \d{{1,3}})? ?[\[(][^\[\]()]{{1,40}}[\])]){{0,6}}"
CONDUCTED = re.compile(
    rf"[\])]*{OTHERS_WITH_MARKS}\s(?:(?:also|first|then|later) )?(?:{ENROLLED}|compared|tested|evaluated|assessed|"
    r"examined|investigated|included|followed|studied|treated|gave)\b"
)
# What comes before and after words for illnesses, tests and substances, but not before and after names of trials.
BEFORE_THING = (
    r"(?:(?:[Pp]atients?|[Pp]eople|[Pp]ersons?|[Aa]dults|[Cc]hildren|[Ww]omen|[Mm]en|individuals|those|cases|subjects|"
    r"diagnosed|infected|living|treated|associated|presenting) (?:with|without|of|for|by|at)(?: [\w-]+){0,2}|"
    r"(?:[Ll]evels?|[Rr]isk|[Pp]revalence|[Ii]ncidence|[Dd]iagnosis|[Ss]ymptoms|[Tt]reatment|[Rr]ates?|[Uu]se|"
    r"[Mm]easures?) (?:of|by|for|with)(?: the)?|"
    r"an?|any|no|his|her|severe|mild|acute|chronic|low|high|higher|lower|increased|decreased)"
)
AFTER_THING = (
    r"(?:levels?|infections?|inhibitors?|expression|scores?|scales?|concentrations?|symptoms|therapy|risk|status|"
    r"values?|activity|tests?|guidelines?)"
)


THING_BEFORE = re.compile(rf"\b{BEFORE_THING} \Z")
THING_AFTER = re.compile(rf"-[a-z]{{3,}}| {AFTER_THING}\b")
TRIAL_BEFORE = re.compile(rf"\b{STUDIES}[^.;()]{{0,80}} \(\Z|\b(?:called|named|known as|acronym) \Z")
TRIAL_AFTER = re.compile(
    rf"(?:['’]s)?(?: ?[\[(][\d,;–-]{{1,20}}[\])])? (?:[a-z-]+ )?(?:{STUDIES}|{PEOPLE_OF_STUDY}|{ENROLLED})\b"
)
ABOUT = 100  # characters on either side of a name that tell what it is
MOST_NAMES = 500  # names looked up in a text, and mentions of each: more would only be slow
MOST_MENTIONS = 200


class Meaning(NamedTuple):
    """Whether a text uses a name for a trial, and whether for something that people have, that is measured or that is
    written out in small letters: "patients with COPD", "a higher BMI", "magnetic resonance imaging (MRI)"."""

    trial: bool
    thing: bool


@dataclass
class TrialNames:
    """What the names in one text mean."""

    text: str
    meanings: dict[str, Meaning] = field(default_factory=dict)

    def meaning(self, name: str) -> Meaning:
        if name not in self.meanings:
            if len(self.meanings) >= MOST_NAMES:
                return Meaning(trial=False, thing=True)
            trial = thing = False
            for start in islice(self.mentions(name), MOST_MENTIONS):
                end = start + len(name)
                before, after = self.text[max(0, start - ABOUT) : start], self.text[end : end + ABOUT]
                is_trial = bool(TRIAL_BEFORE.search(before) or TRIAL_AFTER.match(after))
                trial |= is_trial
                thing |= bool(
                    THING_AFTER.match(after)
                    or (not is_trial and (THING_BEFORE.search(before) or is_spelled_out(name, before)))
                )
            self.meanings[name] = Meaning(trial and not thing, thing)
        return self.meanings[name]

    def mentions(self, name: str) -> Iterator[int]:
        start = self.text.find(name)
        while start >= 0:
            if not (self.text[start - 1 : start].isalnum() or self.text[start + len(name) :][:1].isalnum()):
                yield start
            start = self.text.find(name, start + len(name))

    def named_in_phrase(self, phrase: str) -> Iterator[str]:
        """Names that a phrase gives a study: "the ORBIT trial", "a trial (ORBIT)", "a trial called ORBIT"."""
        for match in NAMED_IN_PHRASE.finditer(phrase):
            name = match["before"] or match["after"] or match["called"]
            if not self.meaning(name).thing:
                yield name

    def named_by_mark(self, before: str, after: str) -> str | None:
        """The name of a trial directly before a citation, given the sentence on either side of the citation.

        Without other evidence, it is one if the sentence begins "ORBIT [1] compared" or "In ORBIT [1], sleep was"."""
        match = BEFORE_MARK.search(before[-LONGEST_NAME:])
        if not match:
            return None
        name, meaning = match["name"], self.meaning(match["name"])
        if meaning.trial:
            return name
        if (
            meaning.thing
            or len(name) < SHORTEST_NAME
            or not (lead := LEADS_TO_NAME.fullmatch(before.removesuffix(match[0])))
        ):
            return None
        reported = PAST.search(after) and re.match(r"[\])]*,\s", after) if lead["inside"] else CONDUCTED.match(after)
        return name if reported else None


def is_spelled_out(name: str, before: str) -> bool:
    """Whether the words before "(COPD" begin with its letters: "chronic obstructive pulmonary disease"."""
    letters = "".join(filter(str.isalpha, name)).lower()
    if not before.endswith(" ("):
        return False
    words = [word for word in re.split(r"[\s-]+", before[:-2]) if word][-len(letters) :]
    return "".join(word[0].lower() for word in words) == letters


LEADS_TO_NAME = re.compile(rf"{OPENING}(?P<inside>in (?:the )?)?", re.IGNORECASE)

# --- later sentences -----------------------------------------------------------------------------

WORDS_OF_STUDY = re.compile(
    rf"(?:['’]s?)?(?: \d{{4}})? (?:[a-z-]+ ){{0,2}}?(?:{STUDIES}|{PEOPLE_OF_STUDY}|participants|results|findings|data|"
    r"analys[ei]s|report|protocol)\b|['’]s(?= )"
)
WITHIN = re.compile(
    r"(?:\A|[.;:,“\"(]\s?|\b(?:but|and|while|whereas|although)\s)[*_]*(?:[Ii]n|[Ff]rom|[Dd]uring)\s\Z"
    r"|\b(?i:patients|participants|adults|people|women|men|children|those|subjects|arms?|groups?|enrolled|randomi[sz]ed|"
    r"seen|observed|found|reported|recruited|included|results|findings|data|analys[ei]s)\s(?:in|of|from)\s\Z"
)
BEGINS = re.compile(
    rf"{OPENING}\Z|[;:,“\"(]\s?[*_]*\Z|\b(?:but|while|whereas|although|that|because)\s\Z", re.IGNORECASE
)
AFTER_IN = re.compile(rf",|\s(?:the|there|no|more|fewer|most|half|one|two|only)\b|\s{PAST.pattern}|\.?\Z")
AND_ANOTHER = re.compile(rf"(?:, | and |, and )(?={WORD_OF_NAME})")


class TrialMention(NamedTuple):
    start: int
    end: int
    names: tuple[str, ...]


def trial_mentions(words: str, known: frozenset[str]) -> Iterator[TrialMention]:
    """Yield the places where a sentence reports a trial by one of the known names: "In ORBIT, sleep was longer"."""
    for match in NAME_OF_TRIAL.finditer(words):
        if not (names := names_from(words, match.start(), known)):
            continue
        start, end = match.start(), names[-1][1]
        before = words[:start]
        if of_study := WORDS_OF_STUDY.match(words, end):
            the = re.search(r"\b[Tt]he (?:[a-z-]+ ){0,2}\Z", before)
            yield TrialMention(the.start() if the else start, of_study.end(), tuple(name for name, _ in names))
        elif (WITHIN.search(before) and AFTER_IN.match(words, end)) or (
            BEGINS.search(before) and VERB_AHEAD.match(words, end)
        ):
            yield TrialMention(start, end, tuple(name for name, _ in names))


def names_from(words: str, start: int, known: frozenset[str]) -> list[tuple[str, int]]:
    """The known names that follow one another from `start`, each with its end: "ORBIT, REST-2 and STEP 1"; empty if one
    of them is not known."""
    names: list[tuple[str, int]] = []
    while match := NAME_OF_TRIAL.match(words, start):
        short = match[0].rsplit(" ", 1)[0]
        name = match[0] if match[0] in known or match[0][-1].isdigit() else short
        if name not in known:
            return []
        names.append((name, match.start() + len(name)))
        another = AND_ANOTHER.match(words, names[-1][1])
        if not another:
            break
        start = another.end()
    return names
