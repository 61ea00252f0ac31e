"""People and organisations that report something without a reference: "A team at Yale found", "According to NICE".

They count as sources; otherwise a later "The authors found" would be resolved to an earlier, unrelated citation.
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
# Verbs for what an organisation does when it runs a study.
RESEARCH_VERBS = (
    r"(?:says?|said|writes?|wrote|claims?|claimed|surveyed|audited|tested|compared|examined|pooled|followed|tracked|"
    r"analy[sz]ed|reviewed|studied|assessed|evaluated|counted|interviewed|sampled|published|puts?|calculates?|"
    r"calculated|calls?|called|thinks?|sees|saw)"
)
REPORTING_VERB = re.compile(rf"\s+{ADVERBS}(?:(?:have|has|had) {ADVERBS})?(?:{REPORTING}|{RESEARCH_VERBS})\b")
ASIDE = re.compile(r"(?:\s\([^()]{2,20}\)|,\s[^,.;()]{2,40},)\Z")
NAME = r"[A-Z][\w&'’.-]*"
TITLE = rf"{NAME}(?: (?:(?:of|for|and|on|the|in) ){{0,2}}{NAME}){{0,8}}"
SHORT = r"[A-Z][A-Z&]{1,9}"
WHERE = r"(?: (?:at|in|from|of|with|for|near|led by) [^,;:()]{1,60})"
# Excludes "a team of patients", which does not run studies.
PLACE = rf"(?: (?:at|in|from|of|near|led by) (?:the )?(?:[\w'’-]+ ){{0,3}}?(?:[A-Z][^,;:()]{{0,60}}|{PEOPLE}))"
# Verbs that also follow abbreviations of things ("HDL showed a rise"), so they do not prove an organisation.
SAID_OF_THINGS = re.compile(
    r"\b(?:show|demonstrat|indicat|suggest|reveal|support|point|link|predict|measur|detect|identif|confirm|establish|"
    r"attribut|document|observ|record|follow|saw|sees)\w*\Z"
)
LONGEST_SUBJECT = 120
# Subjects that count as actors, anchored at the start of a clause.
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
# An organisation mentioned before, without its name: "The agency found".
KNOWN_BODY = re.compile(
    rf"\A[*_“\"'(]*(?:The|That|This|Its|Their) (?:[\w'’-]+ )?(?!(?i:group|team)){BODY}"
    rf"(?:['’]s [\w-]+)?{REPORTING_VERB.pattern}"
)
# Parts of the words of BODY in lower case. A text without them, PEOPLE and capitals in a row names nobody.
BODY_STEMS = (
    "team", "group", "panel", "committee", "lab", "consortium", "commission", "task force", "agency",
    "hospital", "clinic", "school", "university", "college", "council", "ministry", "department", "charity",
    "company", "firm", "bank", "institut", "cent", "union", "government", "foundation", "network",
    "collaboration", "organi", "association", "society", "office", "bureau", "board", "regulator", "authority",
    "watchdog", "think tank", "trust", "service", "academy", "federation", "alliance",
)  # fmt: skip
STEMS_OF_ACTORS = (*PEOPLE.removeprefix("(?:").removesuffix(")").split("|"), *BODY_STEMS)
CAPITALS = re.compile(r"[A-Z][A-Z]")


def find_actors(text: str, sentence: Sentence) -> Iterator[Source]:
    """Yield the people and organisations to which a sentence without a citation attributes its statement."""
    words = text[sentence.start : sentence.end]
    if len(words) > LONGEST_SENTENCE:
        return
    spans = [Span(*match.span("who")) for match in ACCORDING.finditer(words)] if "ccording to " in words else []
    reported = list(subjects(words))
    for clause, verb in reported if reported and may_name_actors(words) else ():
        match = SUBJECT.search(("…" if len(clause) > LONGEST_SUBJECT else "") + clause[-LONGEST_SUBJECT:])
        if match and not (match["short"] and SAID_OF_THINGS.search(verb)):
            spans.append(Span(len(clause) - len(match["who"]), len(clause)))
    for start, end in dict.fromkeys(spans):
        yield Source("", sentence.start + start, sentence.start + end, words[start:end], ACTOR)


def may_name_actors(words: str) -> bool:
    """A cheap check, since most sentences name nobody."""
    lowered = words.lower()
    return any(stem in lowered for stem in STEMS_OF_ACTORS) or bool(CAPITALS.search(words))


def subjects(words: str) -> Iterator[tuple[str, str]]:
    """Yield (text before the verb, verb) for each reporting verb; an aside ("STEP, in China, found") is dropped."""
    for verb in REPORTING_VERB.finditer(words):
        yield ASIDE.sub("", words[: verb.start()]), verb[0]


def names_known_body(words: str) -> bool:
    """Whether the subject of the sentence is an organisation mentioned earlier ("The agency found")."""
    return bool(KNOWN_BODY.match(words))
