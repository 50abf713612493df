"""Times and days that a text names, as the marks of `core.reply`.

"Yes, Monday 2 to 8" accepts a shift on Monday from 2 to 8 and no other. Reading only finds what is named: it
knows no shift. Whoever knows the shift compares (`core.reply.fits`).

A time of several words ("from 2 to 8") first becomes one made-up word in the text, so that the reading of
phrases sees it as one. `time_marks` turns these words into records at the end.
"""

import re

from core.reply import Date, Never, Point, Span, TimeMark, TimeOfDay
from service.language.reading.lexicon.days import MONTHS, TIMES

_HALF_DAY_MIN = 720
_CLOCK = r"(\d{1,2})(?::(\d{2}))?\s?(am|pm|a|p|ye|ze|e|h|hrs|oclock)?\b"
_ALONE = r"(?<![\d/:$-])"
_TO = r"\s*(?:-|–|—|to|til|till|until|thru|a|a las|hasta|hasta las|hanggang|pou|rive|jiska)\s*"
# From when to when: "2 to 8", "7p-7a", "de 2 a 8".
_SPAN = re.compile(rf"{_ALONE}\b(?:from |de las |de |las )?{_CLOCK}{_TO}{_CLOCK}(?![\d/:%])")
# When: "at 2", "2pm", "a las 2".
_POINT = re.compile(
    rf"{_ALONE}\b(?:(?:at|a las|a la|alas)\s+(\d{{1,2}})(?::(\d{{2}}))?\s?(am|pm|a|p)?(?:\s?sharp|\s?oclock)?"
    r"|(?:at |a las |a la |a )?(\d{1,2})(?::(\d{2}))?\s?(am|pm|ye|ze))"
    r"\b(?=\s*(?:$|[^\w\s]|on |po\b|sharp|thank|then|and |en punto))"
)
# "3/3", "march 3", "3 de marzo", "the 14th".
_MONTH = "|".join(MONTHS)
_DATE = re.compile(
    rf"{_ALONE}\b(?:on )?(?:(\d{{1,2}})/(\d{{1,2}})(?![\d/])|({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b"
    rf"|(\d{{1,2}}) de ({_MONTH})\b|the (\d{{1,2}})(?:st|nd|rd|th)\b)"
)
# The made-up words: "span120x600" is 2 to 10, "point840f" is 2pm, "date3x14" is March 14, "date0x14" is the
# 14th. Times of day are in minutes, with an "f" on the 24-hour clock, else on the 12-hour clock.
_MARK = re.compile(r"span(\d{1,4}f?)x(\d{1,4}f?)|point(\d{1,4}f?)|date(\d{1,2})x(\d{1,2})")


def marked(folded: str) -> str:
    """The text with one made-up word for each time and date in it."""
    text = _DATE.sub(_date, folded.replace("10-4", "copy"))
    text = _SPAN.sub(lambda m: f" span{_minutes(m[1], m[2], m[3])}x{_minutes(m[4], m[5], m[6])} ", text)
    return _POINT.sub(lambda m: f" point{_minutes(m[1] or m[4], m[2] or m[5], m[3] or m[6])} ", text)


def _minutes(hour: str, minute: str | None, half: str | None) -> str:
    """The time of day; on the 12-hour clock if nobody said whether it is before or after noon."""
    minutes = (int(hour) * 60 + int(minute or 0)) % _HALF_DAY_MIN
    if half in ("am", "a", "pm", "p"):
        return f"{minutes + _HALF_DAY_MIN * half.startswith('p')}f"
    return str(minutes)


def _date(m: re.Match[str]) -> str:
    month, day, name, of_name, de_day, de_name, only = m.groups()
    if name or de_name:
        month, day = str(MONTHS[name or de_name]), of_name or de_day
    return f" date{month or 0}x{day or only} "


def is_mark(word: str) -> bool:
    """Whether a word is one that `marked` has made up."""
    return _MARK.fullmatch(word) is not None


def time_marks(phrase: str) -> list[TimeMark]:
    """The times and days that a phrase of a marked text names, in order."""
    if phrase == "next week":
        return [Never()]  # it depends on when a week is thought to begin
    return [mark for word in phrase.split() if (mark := TIMES.get(word) or _record(word)) is not None]


def _record(word: str) -> TimeMark | None:
    found = _MARK.fullmatch(word)
    if found is None:
        return None
    start, end, point, month, day = found.groups()
    if start is not None:
        return Span(_time_of_day(start), _time_of_day(end))
    if point is not None:
        return Point(_time_of_day(point))
    return Date(int(day), int(month) or None)


def _time_of_day(minutes: str) -> TimeOfDay:
    if minutes.endswith("f"):
        return TimeOfDay(int(minutes[:-1]), "24h")
    return TimeOfDay(int(minutes), "12h")
