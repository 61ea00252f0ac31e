"""Patterns for words that refer back to a source, and for words that rule this out."""

from __future__ import annotations

import re

from qa.citations.noun_phrases import REPORTING

I = re.IGNORECASE  # noqa: E741

# Words that may come before the subject of a sentence.
OPENING = (
    r"\A[*_“\"'(\s]*(?:(?:however|moreover|furthermore|further|in addition|additionally|importantly|notably|still|"
    r"nevertheless|nonetheless|similarly|likewise|interestingly|also|specifically|in particular|in contrast|"
    r"by contrast|conversely|then|finally|yet|but|and|so|thus|hence|therefore|as a result|for example)[,:]?\s+)?"
)

IBID = re.compile(r"\b(?:ibid|op\. ?cit|loc\. ?cit)\b\.?", I)
# "The same group" may be an arm of a trial; it is the authors if it does what authors do, unless that came later and is
# reported elsewhere.
SAME = re.compile(
    r"\b(?:the|this|that|these|those) (?:very )?same (?P<noun>(?:[\w-]+ ){0,3}?(?:stud(?:y|ies)|trials?|reviews?|"
    r"meta-analys[ei]s|cohorts?|surveys?|reports?|papers?|articles?|guidelines?|experiments?|authors|researchers|"
    r"investigators|trialists|team|(?:research |study )?group(?= (?:also |further |did not |could not )?(?:reports?|"
    r"reported|observed|concluded?|concludes|argue[sd]?|suggest(?:s|ed)?|proposed?|noted?|tested|compared|examined|"
    r"estimated?|published|described?|found (?:that|no))\b)))\b(?! (?:of|by|on)\b)"
    r"(?! (?:later|since|subsequently|then|has|have|had|went)\b)",
    I,
)
TRIAL_TEAM = r"(?:authors|investigators|researchers|reviewers|trialists|scientists|experimenters|team|statisticians)"
# "could not separate the two", "were unable to tell why", "did not distinguish"
COULD_NOT = (
    r"(?:(?:could|did|do|does) not|cannot|couldn['’]t|didn['’]t|(?:was|were) (?:not able|unable) to) "
    r"(?:fully |clearly |yet )?(?:separate|distinguish|disentangle|tell|say|explain|rule out|determine|establish|"
    r"exclude|identify|detect|confirm|show|find|replicate|reproduce|assess|test|control|account|blind|compare|measure|report)\b"
)
AUTHORS_DID = (
    r"(?:achiev\w+|said|say|wrote|write|tested|compared|examined|assessed|evaluated|analy[sz]ed|included|looked|"
    r"explain(?:s|ed)?|discuss(?:es|ed)?|hypothesi[sz]ed?|speculat\w+|stress(?:es|ed)?|acknowledge[sd]?|administered|"
    r"interpreted|concede[sd]?|admit(?:s|ted)?|thought|think|believed?|believes)"
)
OF_A_WORK = r"(?: of (?:the|this|that) (?:study|trial|review|paper|report|article|survey|meta-analysis))?"
THE_AUTHORS = re.compile(
    rf"\b(?:the|its|their|these|those) (?:same |study |trial |review )?{TRIAL_TEAM}{OF_A_WORK}\b,?"
    r"(?=\s+(?:(?:also|later|\w+ly|themselves|then|did|do|have|had|not|were|could|can|able|to|therefore|thus),? ){0,3}"
    rf"(?:{REPORTING}|{AUTHORS_DID})\b|\s+{COULD_NOT})",
    I,
)
ACCORDING_TO_AUTHORS = re.compile(
    rf"\baccording to (?:the|its|their|these|those) (?:same |study |trial |review |original )?{TRIAL_TEAM}{OF_A_WORK}\b"
    r"(?!['’])",
    I,
)
FOUND = r"(?:findings|results|data|conclusions?|analys[ei]s)"
THEY = re.compile(
    rf"(?![“\"'‘]){OPENING}(?P<cue>(?:(?P<pronoun>they|it|she|he|(?:her|his|their|its)(?= {FOUND}\b))(?: {FOUND})?"
    rf"(?: (?:also|further|later|\w+ly|then|have|had|did not|did))* (?P<verb>{REPORTING}|tested|compared|examined|"
    rf"assessed|included|enrolled|recruited|randomi[sz]ed|followed|pooled|{COULD_NOT})))\b",
    I,
)

# "the ketamine group", "the control arm", "those receiving placebo", "of the 96 participants"
NO_ARM = (
    r"(?:age|ages|ethnic|racial|working|work|support|peer|focus|risk|high-risk|blood|user|income|interest|advocacy|"
    r"discussion|minority|social|steering|expert|research|author|vulnerable|priority|target|main|first|second|same|"
    r"largest|other|pressure|lobby|industry|parent|study|task|review|writing|consumer|patient|political|taxonomic)"
)
ARM = re.compile(
    rf"\b(?:the|both|either|each|neither) (?!{NO_ARM} (?:groups?|arms?)\b)(?:[\w/+-]+ ){{0,4}}?(?:groups?|arms?)\b"
    r"(?! of\b)"
    r"|\b(?:those|people|patients|participants|subjects|adults|children|women|men|farmers|pupils|students) "
    r"(?:who (?:received|were (?:given|assigned|randomi[sz]ed|allocated|treated))|(?:given|assigned to|allocated to|"
    r"randomi[sz]ed to))\b"
    r"|\b(?:of|among|in) (?:them|these (?:people|patients|participants)|the \d[\d,]* (?:people|patients|participants|"
    r"adults|women|men|children|households|plots|schools))\b"
    r"|(?:\A|(?<=[;:] ))(?:all |most |the |the remaining |the study |\d+ (?:of the )?)?(?:participants|subjects|"
    r"volunteers|enrolle?es)\b",
    I,
)
NO_RISK_GROUP = re.compile(r"\b(?:risk|age|ethnic|support|working|income|blood|target|control of)[- ]groups?\b", I)
PAST = re.compile(
    r"\b(?:was|were|had|did|[a-z]{3,}ed|fell|rose|led|saw|took|got|gave|kept|left|lost|went|came|began|grew|made|ran|"
    r"spent|slept|ate|felt|held|met|won|cut|sank|shrank|became|stood)\b"
)

FINDING = (
    r"(?:results?|findings?|effects?|benefits?|improvements?|differences?|reductions?|gains?|outcomes?|changes?|"
    r"estimates?|associations?|increases?|declines?|decreases?|advantages?|figures?|conclusions?)"
)
CONTINUES = re.compile(
    rf"{OPENING}(?P<cue>(?:(?:the )?(?:key|main|primary|secondary|other|further|notable|principal|overall) )?"
    r"(?:findings?|results?|outcomes?|endpoints?|conclusions?):"
    rf"|(?:these|those|this|that|both|such) (?:[\w-]+ )?{FINDING}\b"
    rf"|(?:the|its|their) {FINDING}\b"
    r"(?= (?:was|were|did|had|lasted|persisted|held|remained|disappeared|faded|are|is)\b))",
    I,
)

SUMS_UP = re.compile(
    r"\A[*_“\"'(\s]*(?:overall|taken together|together|in summary|to sum up|in sum|in conclusion|to conclude|"
    r"collectively|altogether|in short|in general|generally|on balance|all in all|as a whole|at present|currently|"
    r"to date)\b",
    I,
)
# Statements of approval, definition or advice: general facts, not results of a single study.
UNREPORTED = re.compile(
    r"\b(?:(?:is|are|remains?|has been|have been) (?:not |currently |now |also |only |still |yet |widely |usually )*"
    r"(?:approved|licensed|authori[sz]ed|indicated|recommended|contraindicated|defined|classified|regulated|available|"
    r"considered|an? off-label|off-label|known as|called|illegal|legal|reimbursed|covered|prescribed|banned|required)"
    r"|there (?:is|are|remains?) (?:currently |still |as yet |at present )?(?:no|not|few|little|only)"
    r"|should|must|ought to|needs? to|(?:require|warrant|await|deserve)s?"
    r"|(?:ask|tell|talk to|speak to|consult) (?:your|a) )\b",
    I,
)
# The document's own voice.
OWN = re.compile(
    r"\b(?:we|our|ours|(?-i:us))\b|\b(?:the )?(?:present|current) (?:[\w-]+ )?(?:study|trial|analysis|review|paper|"
    r"article|findings|results|report|survey|work)\b",
    I,
)
# Nouns that mean a work only with a reporting verb.
NEEDS_REPORTING = re.compile(
    r"(?:analys[ei]s|investigations?|assessments?|evaluations?|inquir(?:y|ies)|research|literature|guidance|census|"
    r"publications?|experiments?)\Z",
    I,
)
# Adjectives that pick one of several; the sentence alone does not say which.
ONE_OF_SEVERAL = re.compile(
    r"\b(?:first|second|third|latter|former|larger|largest|smaller|smallest|earlier|later|older|newer|other|others|"
    r"more recent|latest|only|best|next|last|new|whole|entire|rest)\b",
    I,
)
INCLUDED = re.compile(r"\b(?:included|eligible|primary|individual|underlying|reviewed|pooled)\b", I)
OWN_SECTION = re.compile(r"\b(?:results?|methods?|methodology|materials|procedures?|statistic\w*|participants)\b", I)
STATISTICS = re.compile(r"\b[pP] ?[<=>]|\b(?:Fig(?:ure)?|Table)s?\b")
# Comparison of the authors' own results with those of others.
COMPARED = re.compile(
    r"\b(?:consistent|in (?:line|agreement|accordance|keeping|contrast)|comparable|similar|contrary|compares?(?: \w+)?)"
    r" (?:with|to)\b",
    I,
)
