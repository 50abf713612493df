"""Every text that is sent to a person.

Texts are GSM-7 (other characters are folded to their nearest) and fit one segment of 160 characters;
of what may be long, only the location is shortened. YES opts in and CANCEL, END, QUIT and STOP opt out at
the carrier, so no text asks anybody to answer one of the latter.
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
# Whom texts say to call, as far as nobody has given a number.
OFFICE = "the office"
LONGEST_OFFICE = 30

NOT_UNDERSTOOD = "Sorry, we did not understand."

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
    return f"{gsm7(shift.role_required)[:30]} shift {times(shift, default_zone)}"


@lru_cache(maxsize=1024)
def local_time(minute: int, zone_name: str) -> str:
    """The time of day in a zone, `minute` minutes after 1970 (UTC)."""
    return clock(datetime.fromtimestamp(minute * 60, EPOCH.tzinfo).astimezone(zone(zone_name)))


def _fit(before: str, shift: Shift, after: str) -> str:
    """`before`, the location as far as one segment has room for it, and `after`."""
    if not shift.location:
        return f"{before}{after}"
    room = SEGMENT - len(before) - len(after) - 2
    place = gsm7(shift.location)
    if len(place) > room:
        place = place[: room - 2].rstrip() + ".." if room > 8 else ""
    return f"{before}{', ' if place else ''}{place}{after}"


@dataclass(frozen=True)
class Wording:
    """Makes texts of notices. `timezone`: of shifts that name none; `office`: whom texts say to call."""

    timezone: str = "UTC"
    office: str = OFFICE

    def render(self, changes: Changes) -> None:
        """Puts every notice in the changes into words, once: in sends, answers and what is handed out."""
        texts: dict[int, str] = {}  # by the notices, which an answer shares with its send
        for key, send in changes.sends.items():
            if send.notices:
                texts[id(send.notices)] = text = self.text(send.notices, send.channel)
                changes.sends[key] = send._replace(text=text, notices=())
        answers: dict[int, InboundResult] = {}
        for place, result in enumerate(changes.results):
            if isinstance(result, InboundResult) and result.notices:
                if id(result) not in answers:
                    reply = texts.get(id(result.notices)) or self.text(result.notices, "sms")
                    answers[id(result)] = InboundResult(
                        result.status, result.shift_id, result.caregiver_id, reply
                    )
                changes.results[place] = answers[id(result)]
            elif isinstance(result, Leased):
                sends = tuple(
                    send if send.text else replace(send, text=changes.sends[send.key].text)
                    for send in result.sends
                )
                changes.results[place] = replace(result, sends=sends)
        for message_id, answer in changes.inbox.items():
            changes.inbox[message_id] = answers.get(id(answer), answer)

    def text(self, notices: Sequence[Notice], channel: Channel) -> str:
        """What all of them say, each thing once."""
        if len(notices) == 1:
            return self.say(notices[0], channel)
        return " ".join(dict.fromkeys(self.say(notice, channel) for notice in notices))

    def say(self, notice: Notice, channel: Channel) -> str:
        """One notice as a text, or as what a call says."""
        if notice.shift is None:
            return self._about_no_shift(notice)
        shift, code = notice.shift, notice.code
        about = subject(shift, self.timezone)
        match notice.kind:
            case "offer" if channel == "voice":
                return _fit(f"Open {about}", shift, ". Press 1 to accept, 2 to decline.")
            case "offer":
                return _fit(about, shift, f". Reply YES {code} to take it, NO {code} to pass.")
            case "confirmed" | "already_yours":
                undo = f" Can't make it? Reply NO {code}." if code else ""
                return _fit(f"Confirmed: {about}", shift, f" is yours.{undo}")
            case "already_claimed":
                at = local_time((notice.since_ms or 0) // 60_000, shift.timezone or self.timezone)
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
                own = times(notice.conflict, self.timezone) if notice.conflict else ""
                return f"The {about} overlaps your shift {own}. It stays open for others."
            case "other_time":
                return f"The {about} is at this time only. Reply YES {code} to take it, NO {code} to pass."
            case "unclear_but_yours":
                undo = f"Can't make it? Reply NO {code} or call" if code else "Questions? Call"
                mine = f"Your shift {times(shift, self.timezone)} stays yours."
                return f"{NOT_UNDERSTOOD} {mine} {undo} {self.office}."
            case "unclear_and_closed":
                closed = f"The shift {times(shift, self.timezone)} is not open."
                return f"{NOT_UNDERSTOOD} {closed} Questions? Call {self.office}."
            case "taken_back":
                return f"The {about} is no longer yours. Questions? Call {self.office}."
            case "cancelled":
                return f"The {about} has been called off. You don't need to come in."
            case _:
                return self._about_no_shift(notice)

    def _about_no_shift(self, notice: Notice) -> str:
        match notice.kind:
            case "which_shift":
                how = "Reply YES or NO and the letter"
                full = f"Which shift? {self._listed(notice)}. {how}."
                return full if len(full) <= SEGMENT else _cut(f"Which shift? {how} of the offer", notice)
            case "no_open_offer":
                return "We have no open shift for you just now. We will text you when there is one."
            case "help":
                return (
                    "Shift offers: reply YES or NO with the offer's letter, like YES B. STOP ends all texts."
                )
            case "opted_in":
                return "Welcome back: you will get our shift offers again. Reply STOP to end them."
            case _:
                return self._unclear(notice)

    def _unclear(self, notice: Notice) -> str:
        """How to answer the offers that could be meant, by their codes ("" if there is none)."""
        if not notice.choices:
            return f"{NOT_UNDERSTOOD} We have no open shift for you just now. Questions? Call {self.office}."
        if len(notice.choices) == 1:
            letter = f" {notice.choices[0][0]}" if notice.choices[0][0] else ""
            how = f"Reply YES{letter} to take the shift, NO{letter} to pass, or call {self.office}."
            return f"{NOT_UNDERSTOOD} {how}"
        how = f"{NOT_UNDERSTOOD} Reply YES or NO and the letter, or call {self.office}"
        full = f"{how}: {self._listed(notice)}."
        return full if len(full) <= SEGMENT else _cut(how, notice)

    def _listed(self, notice: Notice) -> str:
        return "; ".join(f"{code} {times(shift, self.timezone)}" for code, shift in notice.choices)


def _cut(how: str, notice: Notice) -> str:
    """`how`, and the codes as far as one segment has room for them."""
    return f"{how}: {', '.join(code for code, _ in notice.choices)}."[:SEGMENT]
