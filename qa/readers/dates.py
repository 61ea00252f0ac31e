"""Dates as people write them, to those of ISO 8601."""

from __future__ import annotations

import re

DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?![\w/.-])|\d{4}-\d\d-\d\d(?=[T ])")
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
DATES_IN_WORDS = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?:[a-z]+,? )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{MONTH},? (?P<year>\d{{4}})\b",
        rf"(?:[a-z]+,? )?{MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b",
        rf"(?P<day>){MONTH},? (?P<year>\d{{4}})\b",
        r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})\b",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\b",
    )
)


def date_in_words(words: str) -> str | None:
    """The date as ISO 8601 has it: of "2018-05-11T10:00Z", "11 May 2018", "May 11, 2018", "May 2018", "2018/5/11",
    "11.5.2018"; None if the words are no date. A date such as 5/11/2018 has its month first in some countries only."""
    if match := DATE.match(words):
        return match[0]
    found = next(filter(None, (shape.match(words) for shape in DATES_IN_WORDS)), None)
    if found is None:
        return None
    name = found["month"][:3].lower()
    month = MONTH_NAMES.index(name) + 1 if name in MONTH_NAMES else int(found["month"])
    date = f"{found['year']}-{month:02}" + (f"-{int(found['day']):02}" if found["day"] else "")
    return date if DATE.fullmatch(date) else None
