"""What caregivers hear: a text, or what a call says, for every `core.notice.Notice`.

Texts are GSM-7 (`service.language.gsm7`), and each fits one segment of 160 septets. What may be long is
shortened, the location first. YES opts in at the carrier, and CANCEL, END, QUIT and STOP opt out there, so no
text asks anybody to answer one of these four.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from core.commands import InboundResult, Leased
from core.model import EPOCH, Channel, Shift, zone
from core.notice import Notice
from core.ports import Changes
from service.language.gsm7 import SEGMENT, cut, gsm7, septets

# Whom texts say to call unless the settings give a number.
OFFICE = "the office"
LONGEST_OFFICE = 30
_LONGEST_ROLE = 30
_LONGEST_SUBJECT = 78  # long times take room from the role
# From so many days on, a weekday alone could be taken for another week's.
_WEEK = 6
# Beyond eleven months, a date without its year is taken for an earlier one.
_YEAR = timedelta(days=335)
_SORRY = "Sorry, we did not understand."

Choices = Sequence[tuple[str, Shift]]
"""Codes and the shifts that they are of; a single one may have no code ("")."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock(when: datetime) -> str:
    """The time of day as it is spoken: 8am, 12:30pm, or 1:30am EDT in an hour that clocks show twice."""
    minutes = f":{when.minute:02}" if when.minute else ""
    spoken = f"{when.hour % 12 or 12}{minutes}{'am' if when.hour < 12 else 'pm'}"
    other = when.replace(fold=1 - when.fold)
    if when.utcoffset() == other.utcoffset():
        return spoken
    name = when.tzname() or ""
    if not name.isalpha() or name == other.tzname():  # many zones have no names but numbers, such as "+11"
        name = f"({timezone(when.utcoffset() or timedelta(0))})".replace(":00)", ")")
    return f"{spoken} {name}"


def _date(when: datetime, year: bool) -> str:
    day = f"{_DAYS[when.weekday()]} {_MONTHS[when.month - 1]} {when.day}"
    return f"{day} {when.year}" if year else day


def times(shift: Shift, default_zone: str, year: bool = False) -> str:
    """The shift's local times, with the year if asked for it.

    "Mon Mar 3 8am-4pm", with the end's day "Mon Mar 3 8pm-Tue 6am", and with its date, once the day could be
    one of another week, "Mon Mar 3 8am-Tue Mar 11 8am".
    """
    place = zone(shift.timezone or default_zone)
    start, end = shift.start_time.astimezone(place), shift.end_time.astimezone(place)
    until = clock(end)
    if (end.date() - start.date()).days >= _WEEK:
        until = f"{_date(end, end - start > _YEAR)} {until}"
    elif end.date() != start.date():
        until = f"{_DAYS[end.weekday()]} {until}"
    return f"{_date(start, year)} {clock(start)}-{until}"


@lru_cache(maxsize=1024)
def subject(shift: Shift, default_zone: str, year: bool = False) -> str:
    """What a text calls the shift: "RN shift Mon Mar 3 8am-4pm"."""
    about = f"shift {times(shift, default_zone, year)}"
    role = cut(gsm7(shift.role_required), min(_LONGEST_ROLE, _LONGEST_SUBJECT - len(about) - 1))
    return f"{role} {about}".lstrip()


@lru_cache(maxsize=4096)
def _head(intro: str, subject: str, location: str, rest: int) -> str:
    """`intro`, `subject`, and `location` as far as it fits one segment with `rest` characters after it."""
    before = f"{intro}{subject}"
    room = SEGMENT - septets(before) - rest - 2
    place = gsm7(location)
    if septets(place) > room:
        place = cut(place, room - 2) if room > 8 else ""
        place = f"{place}.." if place else ""
    return f"{before}, {place}" if place else before


@lru_cache(maxsize=1024)
def _local_time(minute: int, zone_name: str) -> str:
    """The time of day in a zone, `minute` minutes after 1970 (UTC)."""
    return clock(datetime.fromtimestamp(minute * 60, EPOCH.tzinfo).astimezone(zone(zone_name)))


@dataclass(frozen=True, slots=True)
class Wording:
    """The English texts of one service.

    `timezone`: the IANA zone of shifts that name none. `office`: whom texts say to call, cut to
    `LONGEST_OFFICE` septets. `now`: texts tell the year of shifts more than eleven months away from it.
    """

    timezone: str
    office: str = OFFICE
    now: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "office", cut(gsm7(self.office), LONGEST_OFFICE) or OFFICE)

    def render(self, changes: Changes) -> None:
        """Turns all notices in `changes` into texts, in place; what has its text already keeps it.

        Several notices become one text: their distinct texts, joined with a space. Raises `ValueError` as
        `say` does, and `KeyError` for a leased send that is not among the changed ones.
        """
        if changes.entries:  # the latest one tells what time it is
            now = EPOCH + timedelta(milliseconds=max(entry.event.at_ms for entry in changes.entries))
            replace(self, now=now)._render(changes)
        else:
            self._render(changes)

    def _render(self, changes: Changes) -> None:
        texts: dict[int, str] = {}  # by notices, which an answer shares with its send
        for key, send in changes.sends.items():
            if send.notices and not send.text:
                texts[id(send.notices)] = text = self._joined(send.notices, send.channel)
                changes.sends[key] = send._replace(text=text, notices=())
        answers: dict[int, InboundResult] = {}
        for place, result in enumerate(changes.results):
            if isinstance(result, InboundResult):
                if result.notices:
                    told = answers.get(id(result))
                    if told is None:
                        text = texts.get(id(result.notices)) or self._joined(result.notices, "sms")
                        told = InboundResult(
                            result.status, result.shift_id, result.caregiver_id, text,
                            fingerprint=result.fingerprint,
                        )  # fmt: skip
                        answers[id(result)] = told
                    changes.results[place] = told
            elif isinstance(result, Leased):
                begun = tuple(
                    o if o.text else replace(o, text=changes.sends[o.key].text) for o in result.sends
                )
                changes.results[place] = replace(result, sends=begun)
        for key, answer in changes.inbox.items():
            if answer.notices:
                changes.inbox[key] = answers[id(answer)]

    def _joined(self, notices: Sequence[Notice], channel: Channel) -> str:
        if len(notices) == 1:
            return self.say(notices[0], channel)
        return " ".join(dict.fromkeys(self.say(notice, channel) for notice in notices))

    def say(self, notice: Notice, channel: Channel) -> str:
        """The text of `notice`. An offer is worded differently for a call; nothing else is.

        Raises `ValueError` for a notice without the shift, or without the conflict, that its kind is about.
        """
        match notice.kind:
            case "offer" if channel == "voice":
                return self._about(notice, "Open ", ". Press 1 to accept, 2 to decline.")
            case "offer":
                return self._about(notice, "", f". {_how(notice.code)}")
            case "confirmed" | "already_yours":
                undo = f" Can't make it? Reply NO {notice.code}." if notice.code else ""
                return self._about(notice, "Confirmed: ", f" is yours.{undo}")
            case "moved":
                here = _shift(notice).location
                rest = "Note the new place." if here else f"Its place has changed: call {self.office}."
                return self._about(notice, "Changed: ", f" is yours. {rest}")
            case "which_shift":
                return self._which(notice.choices)
            case "unclear":
                return self._unclear(notice.choices)
            case "no_open_offer":
                return "We have no open shift for you right now. We will text you when there is one."
            case "help":
                return (
                    "Shift offers: reply YES or NO with the offer's letter, like YES B. STOP ends all texts."
                )
            case "opted_in":
                return "Welcome back: you will get our shift offers again. Reply STOP to end them."
            case _:
                return self._of_one_shift(notice)

    def _about(self, notice: Notice, intro: str, rest: str) -> str:
        shift = _shift(notice)
        return f"{_head(intro, self._subject(shift), shift.location or '', len(rest))}{rest}"

    def _subject(self, shift: Shift) -> str:
        return subject(shift, self.timezone, self._in_another_year(shift))

    def _times(self, shift: Shift) -> str:
        return times(shift, self.timezone, self._in_another_year(shift))

    def _in_another_year(self, shift: Shift) -> bool:
        return self.now is not None and abs(shift.start_time - self.now) > _YEAR

    def _of_one_shift(self, notice: Notice) -> str:
        """The text of a notice about one shift whose location is not repeated."""
        shift, code = _shift(notice), notice.code
        about = self._subject(shift)
        match notice.kind:
            case "already_claimed":
                at = _local_time((notice.since_ms or 0) // 60_000, shift.timezone or self.timezone)
                return f"Sorry, the {about} went to someone else at {at}. Thank you!"
            case "declined":
                return f"OK, you pass on the {about}. Thanks for telling us."
            case "released":
                return f"OK, the {about} is no longer yours. We are looking for someone else."
            case "closed":
                return f"Sorry, the {about} is no longer open. Thank you!"
            case "not_eligible":
                return f"Sorry, the {about} is for a different role."
            case "double_booked":
                own = f"your shift {self._times(notice.conflict)}" if notice.conflict else "one of yours"
                return _first_that_fits(
                    f"The {about} overlaps {own}. It stays open for others.",
                    f"The {about} overlaps one of yours. It stays open for others.",
                )
            case "other_time":
                return f"The {about} is at this time only. {_how(code)}"
            case "taken_back":
                return f"The {about} is no longer yours. Questions? Call {self.office}."
            case "cancelled":
                return f"The {about} was canceled. You do not need to come in."
            case "unclear_but_yours":
                yours = f"Your shift {self._times(shift)} stays yours."
                ask = f"Questions? Call {self.office}."
                undo = f"Can't make it? Reply NO {code} or call {self.office}." if code else ask
                return _first_that_fits(f"{_SORRY} {yours} {undo}", f"{yours} {undo}", f"{yours} {ask}")
            case "unclear_and_closed":
                closed = f"The shift {self._times(shift)} is not open. Questions? Call {self.office}."
                return _first_that_fits(f"{_SORRY} {closed}", closed)
            case kind:
                raise ValueError(f"there are no words for a notice of kind {kind!r}")

    def _which(self, choices: Choices) -> str:
        full = f"Which shift? {self._listed(choices)}. Reply YES or NO and the letter."
        how = "Which shift? Reply YES or NO and the letter of the offer:"
        return _first_that_fits(full, _by_codes(how, choices))

    def _unclear(self, choices: Choices) -> str:
        """How to answer the offers that a message may have meant."""
        if not choices:
            return f"{_SORRY} We have no open shift for you right now. Questions? Call {self.office}."
        if len(choices) == 1:
            letter = f" {choices[0][0]}" if choices[0][0] else ""
            return f"{_SORRY} Reply YES{letter} to take the shift, NO{letter} to pass, or call {self.office}."
        how = f"{_SORRY} Reply YES or NO and the letter, or call {self.office}:"
        full = f"{how} {self._listed(choices)}."
        return _first_that_fits(full, _by_codes(how, choices))

    def _listed(self, choices: Choices) -> str:
        return "; ".join(f"{code} {self._times(shift)}" for code, shift in choices)


def _how(code: str | None) -> str:
    letter = f" {code}" if code else ""
    return f"Reply YES{letter} to take it, NO{letter} to pass."


def _first_that_fits(*texts: str) -> str:
    """The first of `texts` that fits one segment, or else the last."""
    return next((text for text in texts if septets(text) <= SEGMENT), texts[-1])


def _by_codes(how: str, choices: Choices) -> str:
    """`how` to answer, and as many codes as fit one segment: all, or "B, C, D and 57 more"."""
    codes = [code for code, _ in choices]
    said = f"{how} {', '.join(codes)}."
    while septets(said) > SEGMENT:
        codes.pop()
        said = f"{how} {', '.join(codes)} and {len(choices) - len(codes)} more."
    return said


def _shift(notice: Notice) -> Shift:
    if notice.shift is None:
        raise ValueError(f"a notice of kind {notice.kind!r} is about a shift")
    return notice.shift
