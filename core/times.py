"""Times and days that a text names, and whether they are those of a shift.

"Yes, Monday 2 to 8" accepts a shift on Monday from 2 to 8 and no other. Reading marks what is named, since
it knows no shift, and whoever knows the shift compares.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.lexicon import MONTHS, TOMORROW, WEEKDAYS
from core.model import EPOCH, Shift, zone

_HALF_DAY_MIN = 720
_CLOCK = r"(\d{1,2})(?::(\d{2}))?\s?(?:am|pm|a|p|ye|ze|e|h|hrs|oclock)?\b"
_ALONE = r"(?<![\d/:$-])"
_TO = r"\s*(?:-|–|—|to|til|till|until|thru|a|a las|hasta|hasta las|hanggang|pou|rive|jiska)\s*"
# "2 to 8", "7p-7a", "de 2 a 8": from when to when.
_SPAN = re.compile(rf"{_ALONE}\b(?:from |de las |de |las )?{_CLOCK}{_TO}{_CLOCK}(?![\d/:%])")
# "at 2", "2pm", "a las 2": when.
_POINT = re.compile(
    rf"{_ALONE}\b(?:(?:at|a las|a la|alas)\s+(\d{{1,2}})(?::(\d{{2}}))?(?:\s?[ap]m?|\s?sharp|\s?oclock)?"
    r"|(?:at |a las |a la |a )?(\d{1,2})(?::(\d{2}))?\s?(?:[ap]m|ye|ze))"
    r"\b(?=\s*(?:$|[^\w\s]|on |po\b|sharp|thank|then|and |en punto))"
)
# "3/3", "march 3", "3 de marzo", "the 14th".
_MONTH = "|".join(MONTHS)
_DATE = re.compile(
    rf"{_ALONE}\b(?:on )?(?:(\d{{1,2}})/(\d{{1,2}})(?![\d/])|({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b"
    rf"|(\d{{1,2}}) de ({_MONTH})\b|the (\d{{1,2}})(?:st|nd|rd|th)\b)"
)
_DIGIT = re.compile("[0-9]")
MARK = re.compile(r"(span|point|date|weekday|ahead)(\d+)(?:x(\d+))?")


def marked(folded: str) -> str:
    """The text with a mark, which is one word, for each time and date in it."""
    if not _DIGIT.search(folded):
        return folded
    text = _DATE.sub(_date, folded.replace("10-4", "copy"))
    text = _SPAN.sub(lambda m: f" span{_minutes(m[1], m[2])}x{_minutes(m[3], m[4])} ", text)
    return _POINT.sub(lambda m: f" point{_minutes(m[1] or m[3], m[2] or m[4])} ", text)


def _minutes(hour: str, minute: str | None) -> int:
    """Minutes after midnight or noon: nobody says which."""
    return (int(hour) * 60 + int(minute or 0)) % _HALF_DAY_MIN


def _date(m: re.Match[str]) -> str:
    month, day, name, of_name, de_day, de_name, only = m.groups()
    if name or de_name:
        month, day = str(MONTHS[name or de_name]), of_name or de_day
    return f" date{month or 0}x{day or only} "


def marks(phrase: str) -> list[str]:
    """The marks in a phrase, and those of the weekdays in it."""
    found = []
    for word in phrase.split():
        if word in WEEKDAYS:
            found.append(f"weekday{WEEKDAYS[word]}")
        elif word in TOMORROW:
            found.append("ahead1")
        elif MARK.fullmatch(word):
            found.append(word)
    return found


def fit(marks: Sequence[str], shift: Shift, default_zone: str, now_ms: int) -> bool:
    """Whether all times and days in `marks` are the shift's."""
    place = zone(shift.timezone or default_zone)
    start, end = shift.start_time.astimezone(place), shift.end_time.astimezone(place)
    today = (EPOCH + timedelta(milliseconds=now_ms)).astimezone(place)
    return all(_fits(mark, start, end, today) for mark in marks)


def _fits(mark: str, start: datetime, end: datetime, today: datetime) -> bool:
    found = MARK.fullmatch(mark)
    assert found is not None, mark
    kind, one, two = found[1], int(found[2]), int(found[3] or 0)
    match kind:
        case "span":
            return one == _of(start) and two == _of(end)
        case "point":
            return one == _of(start)
        case "date":
            return two == start.day and one in (0, start.month)
        case "ahead":
            return (start.date() - today.date()).days == one
        case _:
            days = (end - start) // timedelta(days=1)
            return (one - start.weekday()) % 7 <= days


def _of(when: datetime) -> int:
    return (when.hour * 60 + when.minute) % _HALF_DAY_MIN
