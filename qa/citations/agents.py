"""People and bodies that report something without a reference: "A team at Yale found", "According to NICE".

They are sources of their own: without them "The authors found" would reach past them to a cited work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.citations.noun_phrases import ADVERBS, LONGEST_SENTENCE, REPORTING
from qa.models import Sentence, Source, Span

ACTOR = "actor"
PEOPLE = (
    r"(?:researchers|scientists|investigators|economists|academics|epidemiologists|experts|analysts|scholars|"
    r"psychologists|sociologists|criminologists|reviewers|engineers|clinicians|physicians|statisticians|ecologists|"
    r"biologists|agronomists|historians|auditors|inspectors|regulators|officials|staff)"
)
BODY = (
    r"(?:[Tt]eam|[Gg]roup|[Pp]anel|[Cc]ommittee|[Ll]ab(?:oratory)?|[Cc]onsortium|[Cc]ommission|[Tt]ask [Ff]orce|"
    r"[Aa]gency|[Hh]ospital|[Cc]linic|[Ss]chool|[Uu]niversity|[Cc]ollege|[Cc]ouncil|[Mm]inistry|[Dd]epartment|[Cc]harity|"
    r"[Cc]ompany|[Ff]irm|[Bb]ank|[Ii]nstitut\w*|[Cc]ent(?:re|er)|[Uu]nion|[Gg]overnment|[Ff]oundation|[Nn]etwork|"
    r"[Cc]ollaboration|[Oo]rgani[sz]ation|[Aa]ssociation|[Ss]ociety|[Oo]ffice|[Bb]ureau|[Bb]oard|[Rr]egulator|[Aa]uthority|[Ww]atchdog|"
    r"[Tt]hink tank|[Tt]rust|[Ss]ervice|[Aa]cademy|[Ff]ederation|[Aa]lliance)"
)
# What a body does as the maker of a study.
WORKED = (
    r"(?:says?|said|writes?|wrote|claims?|claimed|surveyed|audited|tested|compared|examined|pooled|followed|tracked|"
    r"analy[sz]ed|reviewed|studied|assessed|evaluated|counted|interviewed|sampled|published|puts?|calculates?|"
    r"calculated|calls?|called|thinks?|sees|saw)"
)
SAYING = re.compile(rf"\s+{ADVERBS}(?:(?:have|has|had) {ADVERBS})?(?:{REPORTING}|{WORKED})\b")
ASIDE = re.compile(r"(?:\s\([^()]{2,20}\)|,\s[^,.;()]{2,40},)\Z")
NAME = r"[A-Z][\w&'’.-]*"
TITLE = rf"{NAME}(?: (?:(?:of|for|and|on|the|in) ){{0,2}}{NAME}){{0,8}}"
SHORT = r"[A-Z][A-Z&]{1,9}"
WHERE = r"(?: (?:at|in|from|of|with|for|near|led by) [^,;:()]{1,60})"
# "A team of patients" makes no study.
PLACE = rf"(?: (?:at|in|from|of|near|led by) (?:the )?(?:[\w'’-]+ ){{0,3}}?(?:[A-Z][^,;:()]{{0,60}}|{PEOPLE}))"
# What is said of a thing in capitals as well ("HDL showed a rise"), so that it tells no body.
OF_THINGS = re.compile(
    r"\b(?:show|demonstrat|indicat|suggest|reveal|support|point|link|predict|measur|detect|identif|confirm|establish|"
    r"attribut|document|observ|record|follow|saw|sees)\w*\Z"
)
LONGEST_SUBJECT = 120
# The subjects that count, each from where a clause begins.
BEGINNING = r"(?:\A(?!…)|[,;:]\s|[“\"(*_]|\b(?:[Bb]ut|[Aa]nd|[Ww]hile|[Tt]hat|[Aa]lthough|[Ww]hen)\s)[*_“\"']*"
SUBJECT = re.compile(
    rf"{BEGINNING}(?P<who>"
    rf"(?:[Aa]n?|[Oo]ne|[Aa]nother) (?:[\w'’-]+ ){{0,4}}{BODY}{PLACE}"
    rf"|(?:(?:{NAME}|[Ss]ome|[Ss]everal|[Oo]ther|[Tt]wo) )?(?i:{PEOPLE}){WHERE}|(?!The ){NAME} {PEOPLE}"
    rf"|(?P<short>(?:[Tt]he )?{SHORT})|(?:[Tt]he )?{SHORT} (?:{PEOPLE}|{BODY})"
    rf"|(?:[Tt]he )?(?=[^,;:]*{BODY}){TITLE}(?: {PEOPLE})?"
    r")\Z"
)
ACCORDING = re.compile(rf"\b[Aa]ccording to (?P<who>(?:the )?{TITLE}(?: (?:{PEOPLE}|{BODY}))?)")
# One spoken of already, which says no more who it is: "The agency found".
KNOWN_BODY = re.compile(
    rf"\A[*_“\"'(]*(?:The|That|This|Its|Their) (?:[\w'’-]+ )?(?!(?i:group|team)){BODY}(?:['’]s [\w-]+)?{SAYING.pattern}"
)
# A sentence without any of these names nobody; most sentences need no closer look.
HINT = re.compile(rf"[A-Z][A-Z]|ccording to|(?i:{PEOPLE})|{BODY}")


def find_actors(text: str, sentence: Sentence) -> Iterator[Source]:
    """The people and bodies that a sentence without a mark names as those who say it."""
    words = text[sentence.start : sentence.end]
    if len(words) > LONGEST_SENTENCE or not HINT.search(words):
        return
    spans = [Span(*match.span("who")) for match in ACCORDING.finditer(words)]
    for clause, verb in subjects(words):
        match = SUBJECT.search(("…" if len(clause) > LONGEST_SUBJECT else "") + clause[-LONGEST_SUBJECT:])
        if match and not (match["short"] and OF_THINGS.search(verb)):
            spans.append(Span(len(clause) - len(match["who"]), len(clause)))
    for start, end in dict.fromkeys(spans):
        yield Source("", sentence.start + start, sentence.start + end, words[start:end], ACTOR)


def subjects(words: str) -> Iterator[tuple[str, str]]:
    """What stands before each verb of saying, without an aside ("STEP, in China, found"), and the verb."""
    for verb in SAYING.finditer(words):
        yield ASIDE.sub("", words[: verb.start()]), verb[0]


def names_known_body(words: str) -> bool:
    """Whether a sentence is told by a body that was named before."""
    return bool(KNOWN_BODY.match(words))
