"""The times and days that a text names.

"Yes, Monday 2 to 8" accepts a shift on Monday from 2 to 8 and no other. Reading knows no shift, so it only
marks what is named; `core.reply.fits` compares it with a shift.
"""

import re

from core.reply import Date, DaysAhead, Never, Point, Span, TimeMark, TimeOfDay, Weekday
from service.language.reading.lexicon import MONTHS, OTHER_TIMES, TODAY, TOMORROW, WEEKDAYS

_HALF_DAY_MIN = 720
_CLOCK = r"(\d{1,2})(?::(\d{2}))?\s?(am|pm|a|p|ye|ze|e|h|hrs|oclock)?\b"
_ALONE = r"(?<![\d/:$-])"
_TO = r"\s*(?:-|–|—|to|til|till|until|thru|a|a las|hasta|hasta las|hanggang|pou|rive|jiska)\s*"
# "2 to 8", "7p-7a", "de 2 a 8": from when to when.
_SPAN = re.compile(rf"{_ALONE}\b(?:from |de las |de |las )?{_CLOCK}{_TO}{_CLOCK}(?![\d/:%])")
# "at 2", "2pm", "a las 2": when.
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
# While a text is read, a time is a word in it: its minutes, with an "f" if they count from midnight and not
# from midnight or noon.
MARK = re.compile(r"(span|point|date)(\d+f?)(?:x(\d+f?))?")


def marked(folded: str) -> str:
    """The text with a mark, which is one word, for each time and date in it."""
    text = _DATE.sub(_date, folded.replace("10-4", "copy"))
    text = _SPAN.sub(lambda m: f" span{_minutes(m[1], m[2], m[3])}x{_minutes(m[4], m[5], m[6])} ", text)
    return _POINT.sub(lambda m: f" point{_minutes(m[1] or m[4], m[2] or m[5], m[3] or m[6])} ", text)


def _minutes(hour: str, minute: str | None, half: str | None) -> str:
    """The time of day: whether before or after noon is mostly left to the reader."""
    minutes = (int(hour) * 60 + int(minute or 0)) % _HALF_DAY_MIN
    if half in ("am", "a", "pm", "p"):
        return f"{minutes + _HALF_DAY_MIN * half.startswith('p')}f"
    return str(minutes)


def _date(m: re.Match[str]) -> str:
    month, day, name, of_name, de_day, de_name, only = m.groups()
    if name or de_name:
        month, day = str(MONTHS[name or de_name]), of_name or de_day
    return f" date{month or 0}x{day or only} "


def marks(phrase: str) -> list[TimeMark]:
    """The times and days that a phrase names."""
    found: list[TimeMark] = [Never()] if phrase == "next week" else []
    for word in phrase.split():
        if word in WEEKDAYS:
            found.append(Weekday(WEEKDAYS[word]))
        elif word in TOMORROW:
            found.append(DaysAhead(1))
        elif word in TODAY:
            found.append(DaysAhead(0))
        elif word in OTHER_TIMES:
            found.append(OTHER_TIMES[word])
        elif mark := MARK.fullmatch(word):
            found.append(_time_mark(mark))
    return found


def _time_mark(mark: re.Match[str]) -> TimeMark:
    kind, one, two = mark.groups()
    if kind == "date":
        return Date(int(two), int(one) or None)
    return Span(_time_of_day(one), _time_of_day(two)) if kind == "span" else Point(_time_of_day(one))


def _time_of_day(minute: str) -> TimeOfDay:
    return TimeOfDay(int(minute.removesuffix("f")), "24h" if minute.endswith("f") else "12h")
