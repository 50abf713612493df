"""Times and days that a text names, and whether they are those of a shift.

"Yes, Monday 2 to 8" accepts a shift on Monday from 2 to 8 and no other. Reading marks what is named, since
it knows no shift, and whoever knows the shift compares.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.lexicon import MONTHS, OTHER_TIMES, TODAY, TOMORROW, WEEKDAYS
from core.model import EPOCH, Shift, zone

_HALF_DAY_MIN = 720
_SATURDAY = 5
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
# A time of day is in minutes, with an "f" if they count from midnight and not from midnight or noon.
MARK = re.compile(r"(span|point|date|weekday|weekend|ahead|never)(\d+f?)(?:x(\d+f?))?")


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


def marks(phrase: str) -> list[str]:
    """The marks in a phrase, and those of the weekdays in it, of "tomorrow" and "today"."""
    found = ["never0"] if phrase == "next week" else []
    for word in phrase.split():
        if word in WEEKDAYS:
            found.append(f"weekday{WEEKDAYS[word]}")
        elif word in TOMORROW:
            found.append("ahead1")
        elif word in TODAY:
            found.append("ahead0")
        elif word in OTHER_TIMES:
            found.append(OTHER_TIMES[word])
        elif MARK.fullmatch(word):
            found.append(word)
    return found


def fit(named: Sequence[str], shift: Shift, default_zone: str, now_ms: int) -> bool:
    """Whether all times and days in `named` are the shift's."""
    place = zone(shift.timezone or default_zone)
    start, end = shift.start_time.astimezone(place), shift.end_time.astimezone(place)
    today = (EPOCH + timedelta(milliseconds=now_ms)).astimezone(place)
    return all(_fits(mark, start, end, today) for mark in named)


def _fits(mark: str, start: datetime, end: datetime, today: datetime) -> bool:
    found = MARK.fullmatch(mark)
    assert found is not None, mark
    kind, one, two = found[1], found[2], found[3] or "0"
    match kind:
        case "span":
            return _is_at(one, start) and _is_at(two, end)
        case "point":
            return _is_at(one, start)
        case "date":
            return int(two) == start.day and int(one) in (0, start.month)
        case "weekend":
            return start.weekday() >= _SATURDAY
        case "never":
            return False  # it depends on when one thinks that weeks begin
        case "ahead":
            return (start.date() - today.date()).days == int(one)
        case _:
            days = (end - start) // timedelta(days=1)
            return (int(one) - start.weekday()) % 7 <= days


def _is_at(minutes: str, when: datetime) -> bool:
    named, of_day = minutes.removesuffix("f"), when.hour * 60 + when.minute
    return int(named) == (of_day if named != minutes else of_day % _HALF_DAY_MIN)
