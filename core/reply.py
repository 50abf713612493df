"""What a caregiver's message means, once somebody has read it: the types, and nothing about any language.

The door (`service.language`) reads a text into a `Reply`. The core decides what it does.
"""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Literal

from core.model import EPOCH, Shift, zone
from core.record import record

Intent = Literal["accept", "decline", "unknown", "stop", "start", "help"]
ClockFace = Literal["24h", "12h"]
"""Whether a time of day counts from midnight, or from midnight or noon since nobody said which."""

_HALF_DAY_MIN = 720
_SATURDAY = 5


@record
class TimeOfDay:
    """`minute` counts from midnight (0 to 1439), or on the 12-hour clock from midnight or noon (0 to 719)."""

    minute: int
    clock: ClockFace = "24h"

    def fits(self, when: datetime) -> bool:
        of_day = when.hour * 60 + when.minute
        return self.minute == (of_day if self.clock == "24h" else of_day % _HALF_DAY_MIN)


@record
class Span:
    """From when to when, such as "2 to 8"."""

    start: TimeOfDay
    end: TimeOfDay


@record
class Point:
    """When the shift begins, such as "at 2pm"."""

    start: TimeOfDay


@record
class Date:
    """A day of a month; `month` is None if only the day was named."""

    day: int
    month: int | None = None


@record
class Weekday:
    """0 is Monday."""

    number: int


@record
class Weekend: ...


@record
class DaysAhead:
    """So many days from today: 0 is today, 1 is tomorrow."""

    days: int


@record
class Never:
    """A time that fits no shift for certain, such as "next week"."""


TimeMark = Span | Point | Date | Weekday | Weekend | DaysAhead | Never
"""A time or a day that an answer names."""


@record
class Answer:
    """One intent, the code of the offer that it names, if any, and the times and days that it names."""

    intent: Intent
    code: str | None = None
    times: tuple[TimeMark, ...] = ()


@record
class Reply:
    """The answers in a message, in order (at least one), and in a few words why it was read so.

    `acknowledgement`: it may be said to any news ("ok thank you"), so it accepts only the offer that it
    answers. `offer_code`: the code in a message that is not an answer. `gives_back`: a refusal by somebody
    who cannot come, which may be about a shift that they hold. `bare_no`: a refusal without any reason.
    `opt_in_word`: the whole message is one word that opts in at the carrier, though here it is an answer.
    `intents`: those of all answers.
    """

    answers: tuple[Answer, ...]
    why: str = ""
    acknowledgement: bool = False
    offer_code: str | None = None
    gives_back: bool = False
    bare_no: bool = False
    opt_in_word: bool = False
    intents: frozenset[Intent] = field(init=False)  # asked for several times of every message

    def __post_init__(self) -> None:
        object.__setattr__(self, "intents", frozenset(answer.intent for answer in self.answers))


def fits(times: Sequence[TimeMark], shift: Shift, default_zone: str, now_ms: int) -> bool:
    """Whether all these times and days are the shift's, in its time zone or else in `default_zone`."""
    if not times:
        return True
    place = zone(shift.timezone or default_zone)
    start, end = shift.start_time.astimezone(place), shift.end_time.astimezone(place)
    today = (EPOCH + timedelta(milliseconds=now_ms)).astimezone(place)
    return all(_fits(mark, start, end, today) for mark in times)


def _fits(mark: TimeMark, start: datetime, end: datetime, today: datetime) -> bool:
    match mark:
        case Span():
            return mark.start.fits(start) and mark.end.fits(end)
        case Point():
            return mark.start.fits(start)
        case Date(day, month):
            return day == start.day and month in (None, start.month)
        case Weekday(number):
            return (number - start.weekday()) % 7 <= (end - start) // timedelta(days=1)
        case Weekend():
            return start.weekday() >= _SATURDAY
        case DaysAhead(days):
            return (start.date() - today.date()).days == days
        case Never():
            return False
