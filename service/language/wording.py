"""What caregivers hear: a text, or what a call says, for every `core.notice.Notice`.

Texts are GSM-7 (other characters are folded to their nearest), and each fits one segment of 160 characters.
Only the location, which may be long, is shortened. YES opts in at the carrier, and CANCEL, END, QUIT and STOP
opt out there, so no text asks anybody to answer one of these four.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from core.commands import InboundResult, Leased
from core.model import EPOCH, Channel, Shift, zone
from core.notice import Notice
from core.ports import Changes

SEGMENT = 160
# Whom texts say to call unless the settings give a number.
OFFICE = "the office"
LONGEST_OFFICE = 30
_LONGEST_ROLE = 30
_SORRY = "Sorry, we did not understand."

Choices = Sequence[tuple[str, Shift]]
"""Codes and the shifts that they are of; a single one may have no code ("")."""

# 3GPP TS 23.038, default alphabet without its extension table (whose characters count twice).
_GSM = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# What people paste from a phone or a text processor, and NFKD leaves as it is.
_NEAREST = {"‘": "'", "’": "'", "“": '"', "”": '"'}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=4096)
def gsm7(text: str) -> str:
    """`text` in characters that every phone and the cheap segment can carry."""
    return "".join(_fold(char) for char in text)


def _fold(char: str) -> str:
    if char in _GSM:
        return char
    if char in _NEAREST:
        return _NEAREST[char]
    if unicodedata.category(char).startswith(("Z", "C")):
        return " "
    folded = "".join(c for c in unicodedata.normalize("NFKD", char) if c in _GSM)
    return folded or ("-" if unicodedata.category(char) == "Pd" else "?")


def clock(when: datetime) -> str:
    """The time of day as it is spoken: 8am, 12:30pm."""
    minutes = f":{when.minute:02}" if when.minute else ""
    return f"{when.hour % 12 or 12}{minutes}{'am' if when.hour < 12 else 'pm'}"


def times(shift: Shift, default_zone: str) -> str:
    """The shift's local times: "Mon Mar 3 8am-4pm", or with the end's day "Mon Mar 3 8pm-Tue 6am"."""
    place = zone(shift.timezone or default_zone)
    start, end = shift.start_time.astimezone(place), shift.end_time.astimezone(place)
    day = f"{_DAYS[start.weekday()]} {_MONTHS[start.month - 1]} {start.day}"
    until = clock(end) if end.date() == start.date() else f"{_DAYS[end.weekday()]} {clock(end)}"
    return f"{day} {clock(start)}-{until}"


@lru_cache(maxsize=1024)
def subject(shift: Shift, default_zone: str) -> str:
    """What a text calls the shift: "RN shift Mon Mar 3 8am-4pm"."""
    return f"{gsm7(shift.role_required)[:_LONGEST_ROLE]} shift {times(shift, default_zone)}"


@lru_cache(maxsize=4096)
def _head(intro: str, shift: Shift, default_zone: str, rest: int) -> str:
    """`intro`, the shift, and its location as far as it fits one segment with `rest` characters after it."""
    before = f"{intro}{subject(shift, default_zone)}"
    room = SEGMENT - len(before) - rest - 2
    place = gsm7(shift.location) if shift.location else ""
    if len(place) > room:
        place = place[: room - 2].rstrip() + ".." if room > 8 else ""
    return f"{before}, {place}" if place else before


@lru_cache(maxsize=1024)
def _local_time(minute: int, zone_name: str) -> str:
    """The time of day in a zone, `minute` minutes after 1970 (UTC)."""
    return clock(datetime.fromtimestamp(minute * 60, EPOCH.tzinfo).astimezone(zone(zone_name)))


@dataclass(frozen=True, slots=True)
class Wording:
    """The English texts of one service.

    `timezone`: the IANA zone of shifts that name none. `office`: whom texts say to call, in at most
    `LONGEST_OFFICE` characters of GSM-7.
    """

    timezone: str
    office: str = OFFICE

    def render(self, changes: Changes) -> None:
        """Turns all notices in `changes` into texts, in place; what has its text already keeps it.

        Several notices become one text: their distinct texts, joined with a space. Raises `ValueError` as
        `say` does, and `KeyError` for a leased send that is not among the changed ones.
        """
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
                        told = InboundResult(result.status, result.shift_id, result.caregiver_id, text)
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
        return f"{_head(intro, _shift(notice), self.timezone, len(rest))}{rest}"

    def _of_one_shift(self, notice: Notice) -> str:
        """The text of a notice about one shift whose location is not repeated."""
        shift, code = _shift(notice), notice.code
        about = subject(shift, self.timezone)
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
                own = (
                    f"your shift {times(notice.conflict, self.timezone)}"
                    if notice.conflict
                    else "one of yours"
                )
                return f"The {about} overlaps {own}. It stays open for others."
            case "other_time":
                return f"The {about} is at this time only. {_how(code)}"
            case "taken_back":
                return f"The {about} is no longer yours. Questions? Call {self.office}."
            case "cancelled":
                return f"The {about} was canceled. You do not need to come in."
            case "unclear_but_yours":
                undo = f"Can't make it? Reply NO {code} or call" if code else "Questions? Call"
                return f"{_SORRY} Your shift {times(shift, self.timezone)} stays yours. {undo} {self.office}."
            case "unclear_and_closed":
                closed = f"The shift {times(shift, self.timezone)} is not open."
                return f"{_SORRY} {closed} Questions? Call {self.office}."
            case kind:
                raise ValueError(f"there are no words for a notice of kind {kind!r}")

    def _which(self, choices: Choices) -> str:
        """Names as many shifts as one segment holds, or else all of them by their codes alone."""
        full = f"Which shift? {self._listed(choices)}. Reply YES or NO and the letter."
        if len(full) <= SEGMENT:
            return full
        return f"Which shift? Reply YES or NO and the letter of the offer: {_codes(choices)}."[:SEGMENT]

    def _unclear(self, choices: Choices) -> str:
        """How to answer the offers that a message may have meant."""
        if not choices:
            return f"{_SORRY} We have no open shift for you right now. Questions? Call {self.office}."
        if len(choices) == 1:
            letter = f" {choices[0][0]}" if choices[0][0] else ""
            return f"{_SORRY} Reply YES{letter} to take the shift, NO{letter} to pass, or call {self.office}."
        how = f"{_SORRY} Reply YES or NO and the letter, or call {self.office}:"
        full = f"{how} {self._listed(choices)}."
        return full if len(full) <= SEGMENT else f"{how} {_codes(choices)}."[:SEGMENT]

    def _listed(self, choices: Choices) -> str:
        return "; ".join(f"{code} {times(shift, self.timezone)}" for code, shift in choices)


def _how(code: str | None) -> str:
    letter = f" {code}" if code else ""
    return f"Reply YES{letter} to take it, NO{letter} to pass."


def _codes(choices: Choices) -> str:
    return ", ".join(code for code, _ in choices)


def _shift(notice: Notice) -> Shift:
    if notice.shift is None:
        raise ValueError(f"a notice of kind {notice.kind!r} is about a shift")
    return notice.shift
