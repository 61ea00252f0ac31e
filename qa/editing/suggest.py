"""`qa suggest`: entries for the owner's lists, made from the documents, as TOML to edit."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from qa.conditions.abbreviations import find_definitions
from qa.corpus import Corpus
from qa.corpus.found import as_id
from qa.editing.listing import in_toml
from qa.editing.named_measures import named_measures
from qa.messages import say
from qa.models import Document, SynonymGroup
from qa.text.analysis import Token, analyze, lucene_idf
from qa.text.background import background, generic_words
from qa.understanding.shipped import aspects, interventions, synonyms

MOST = 12  # entries of a kind
FEWEST = 3  # times that a word or phrase must occur
LONGEST_NAME = 6  # words of a heading that may name a condition
MOST_EVIDENCE = 4
WORD = re.compile(r"\w+")
IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
BETWEEN = re.compile(r"[ \-–’']*")
# Share of background passages above which a word is common to all subjects.
COMMON = 0.03


def suggestions(corpus: Corpus, documents: Sequence[Document]) -> Iterator[str]:
    """Yield lines of TOML: conditions to choose from, then, as comments, words and measures to judge one by one."""
    yield from suggest_conditions(corpus, documents)
    words = count_content_words(documents)
    known = frozenset(terms_in_lists(corpus))
    yield f"\n# {say('suggest.synonyms')}"
    for term in [term for term in words.ranked if term not in known][:MOST]:
        yield f"\n# {say('suggest.times', n=words.counts[term])}"
        yield f'# [[group]]\n# words = [{in_toml(words.form(term))}, ""]'
    yield from suggest_for_questions(corpus, documents, known)
    yield f"\n# {say('suggest.interventions')}"
    for name, times in named_measures(documents, known)[:MOST]:
        yield f"\n# {say('suggest.times', n=times)}"
        yield f"# [[intervention]]\n# id = {in_toml(as_id(name))}\n# names = [{in_toml(name)}]"
    yield '\n# [[intervention]]\n# id = ""\n# names = [""]'
    yield f"\n# {say('suggest.aspects')}"
    yield from suggest_aspects(documents, known)


# --- conditions ----------------------------------------------------------------------------------


def suggest_conditions(corpus: Corpus, documents: Sequence[Document]) -> Iterator[str]:
    """Yield conditions that the vocabulary does not have: phrases with a short form, headings and repeated phrases."""
    yield f"# {say('suggest.conditions')}"
    names = {name.casefold() for c in corpus.conditions for name in (c.label, *c.names)}
    text = "\n".join(document.text for document in documents).casefold()
    short_forms: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for definition in find_definitions(document.text):
            short_forms[definition.long.casefold()].add(definition.short)
    candidates = dict.fromkeys((*short_forms, *headings_of(documents), *repeated_phrases(documents)))
    counts = {name: len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text)) for name in candidates}
    for name, short in short_forms.items():
        counts[name] += sum(len(re.findall(rf"(?<!\w){re.escape(each.casefold())}(?!\w)", text)) for each in short)
    chosen = [name for name in sorted(counts, key=lambda name: -counts[name]) if counts[name] >= FEWEST]
    for name in [name for name in chosen if name not in names][:MOST]:
        yield f"\n# {say('suggest.times', n=counts[name])}"
        yield f"[[condition]]\nid = {in_toml(as_id(name))}\nlabel = {in_toml(name[:1].upper() + name[1:])}"
        if name in short_forms:
            abbreviations = (f"{{ text = {in_toml(short)} }}" for short in sorted(short_forms[name]))
            yield f"abbreviations = [{', '.join(abbreviations)}]"


def headings_of(documents: Iterable[Document]) -> Iterator[str]:
    """Yield headings that may name a condition: short ones with a word that is not common to all subjects."""
    for document in documents:
        for path in dict.fromkeys(section.path for section in document.sections if section.path):
            name = IN_BRACKETS.sub("", path[-1]).strip(" .:").casefold()
            telling = [token for token in analyze(name) if not is_common(token.term)]
            if telling and len(WORD.findall(name)) <= LONGEST_NAME:
                yield name


def repeated_phrases(documents: Iterable[Document]) -> Iterator[str]:
    """Yield phrases of two content words in a row that occur at least FEWEST times."""
    phrases: Counter[str] = Counter()
    for document in documents:
        for sentence in document.sentences:
            text = document.text[sentence.start : sentence.end]
            for first, second in pairwise(analyze(text)):
                if BETWEEN.fullmatch(text[first.end : second.start]) and is_telling(first) and is_telling(second):
                    phrases[text[first.start : second.end].casefold()] += 1
    yield from (phrase for phrase, times in phrases.most_common() if times >= FEWEST and "\n" not in phrase)


def suggest_for_questions(corpus: Corpus, documents: Sequence[Document], known: Collection[str]) -> Iterator[str]:
    """Yield a group for each word of the owner's questions that the documents and lists do not have, with words of the
    answering sentence to choose from."""
    used = {token.term for d in documents for s in d.sentences for token in analyze(d.text[s.start : s.end])}
    seen: set[str] = set()
    for judgment in [judgment for judgment in corpus.judgments if judgment.sentences]:
        asked = [token for token in analyze(judgment.question) if is_word(token.term) and token.term not in used]
        missing = [token for token in asked if token.term not in {*known, *seen} and not is_common(token.term)]
        answers = [sentence_beginning(documents, words) for words in judgment.sentences]
        answering = list(dict.fromkeys(t.form for text in answers for t in analyze(text) if not is_common(t.term)))
        for token in missing if answering else ():
            yield "" if seen else f"\n# {say('suggest.asked')}"
            seen.add(token.term)
            yield f"# {say('suggest.answer', words=', '.join(answering))}"
            yield f'# [[group]]\n# words = [{in_toml(token.form)}, ""]'


def sentence_beginning(documents: Iterable[Document], words: str) -> str:
    """The first sentence that begins with these words; empty if there is none."""
    found = (d.text[s.start : s.end] for d in documents for s in d.sentences if d.text.startswith(words, s.start))
    return next(found, "")


# --- words ---------------------------------------------------------------------------------------


class CountedWords:
    """The content words of the documents by term: how often they occur, and how they are mostly written."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.forms: dict[str, Counter[str]] = defaultdict(Counter)
        for token in tokens:
            self.forms[token.term][token.form] += 1
        self.counts = {term: forms.total() for term, forms in self.forms.items()}
        often = (term for term, n in self.counts.items() if n > 1 and is_word(term) and not is_common(term))
        self.ranked = sorted(often, key=lambda term: -self.counts[term] * weight_of(term))

    def form(self, term: str) -> str:
        return self.forms[term].most_common(1)[0][0]


def count_content_words(documents: Iterable[Document]) -> CountedWords:
    return CountedWords(token for d in documents for s in d.sentences for token in analyze(d.text[s.start : s.end]))


def weight_of(term: str) -> float:
    """How rare a term is in general: its inverse document frequency in the background."""
    known = background()
    return lucene_idf(known.frequencies.get(term, 0), known.passages)


def is_common(term: str) -> bool:
    known = background()
    return term in generic_words() or known.frequencies.get(term, 0) > COMMON * known.passages


def is_word(term: str) -> bool:
    return term.isalpha() and len(term) > 2


def is_telling(token: Token) -> bool:
    return token.term.isalpha() and token.term not in generic_words()


def terms_in_lists(corpus: Corpus) -> set[str]:
    """The terms that are entries of a list by themselves, the owner's lists and those in the package."""
    groups: tuple[SynonymGroup, ...] = (*synonyms(), *corpus.synonyms)
    phrases = [word for group in groups for word in group.words]
    phrases += [name for each in (*interventions(), *corpus.interventions) for name in each.names]
    phrases += [cue for each in (*aspects(), *corpus.aspects) for cue in (*each.cues, *each.evidence)]
    phrases += [name for each in corpus.conditions for name in (each.label, *each.names, *each.asked_as)]
    return {tokens[0].term for tokens in map(analyze, phrases) if len(tokens) == 1}


def suggest_aspects(documents: Sequence[Document], known: Collection[str]) -> Iterator[str]:
    """Yield an aspect for each heading with a word that no list has and its section uses; its evidence is that word
    with others of the section."""
    seen: set[str] = set()
    for document in documents:
        for number, section in enumerate(document.sections):
            title = analyze(section.path[-1]) if section.path and section.path[-1] != document.provenance.title else []
            inside = [s for s in document.sentences if s.section == number]
            shown = CountedWords(token for s in inside for token in analyze(document.text[s.start : s.end]))
            told = [t for t in title if is_word(t.term) and t.term in shown.counts]
            cues = [token.form for token in told if token.term not in known and not is_common(token.term)]
            if not cues or cues[0] in seen or len(seen) >= MOST:
                continue
            seen.add(cues[0])
            evidence = list(dict.fromkeys([*cues, *map(shown.form, shown.ranked)]))[:MOST_EVIDENCE]
            yield (
                f"\n# [[aspect]]\n# id = {in_toml(as_id(cues[0]))}\n# label = {in_toml(section.path[-1])}\n"
                f'# kind = "soft"\n# cues = [{", ".join(map(in_toml, cues))}]\n'
                f"# evidence = [{', '.join(map(in_toml, evidence))}]"
            )
