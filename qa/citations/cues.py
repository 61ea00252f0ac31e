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
SAME = re.compile(
    r"\b(?:the|this|that|these|those) (?:very )?same (?P<noun>(?:[\w-]+ ){0,3}?(?:stud(?:y|ies)|trials?|reviews?|"
    r"meta-analys[ei]s|cohorts?|surveys?|reports?|papers?|articles?|guidelines?|experiments?|authors|researchers|"
    r"investigators|team))\b(?! (?:of|by|on)\b)",
    I,
)
THE_AUTHORS = re.compile(
    r"\b(?:the|its|their|these|those) (?:same |study |trial |review )?(?:authors|investigators|researchers|"
    r"reviewers|scientists|experimenters|team)(?: of (?:the|this|that) (?:study|trial|review|paper|report|article|"
    rf"survey|meta-analysis))?\b,?(?=\s+(?:(?:also|later|\w+ly|themselves|then|did|do|have|had|not|were|could|can|able|"
    rf"to|therefore|thus),? ){{0,3}}(?:{REPORTING}|achiev\w+|said|say|wrote|write|tested|compared|examined|assessed|"
    r"evaluated|analy[sz]ed|included|looked)\b)",
    I,
)
FOUND = r"(?:findings|results|data|conclusions?|analys[ei]s)"
THEY = re.compile(
    rf"(?![“\"'‘]){OPENING}(?P<cue>(?:(?P<pronoun>they|it|she|he|(?:her|his|their|its)(?= {FOUND}\b))(?: {FOUND})?"
    rf"(?: (?:also|further|later|\w+ly|then|have|had|did not|did))* (?P<verb>{REPORTING}|tested|compared|examined|"
    r"assessed|included|enrolled|recruited|randomi[sz]ed|followed|pooled)))\b",
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
