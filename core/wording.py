"""Every text that is sent to a person.

Texts are GSM-7 (other characters are folded to their nearest) and fit one segment of 160 characters;
of what may be long, only the location is shortened. YES opts in and CANCEL, END, QUIT and STOP opt out at
the carrier, so no text asks anybody to answer one of the latter.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from core.events import ResultStatus
from core.model import EPOCH, Shift, zone

SEGMENT = 160
# Whom texts say to call, as far as nobody has given a number.
OFFICE = "the office"
LONGEST_OFFICE = 30

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


def _fit(before: str, shift: Shift, after: str) -> str:
    """`before`, the location as far as one segment has room for it, and `after`."""
    room = SEGMENT - len(before) - len(after) - 2
    place = gsm7(shift.location) if shift.location else ""
    if len(place) > room:
        place = place[: room - 2].rstrip() + ".." if room > 8 else ""
    return f"{before}{', ' if place else ''}{place}{after}"


def _role(shift: Shift) -> str:
    return gsm7(shift.role_required)[:30]


@lru_cache(maxsize=1024)
def subject(shift: Shift, default_zone: str) -> str:
    """What a text calls the shift: "RN shift Mon Mar 3 8am-4pm"."""
    return f"{_role(shift)} shift {times(shift, default_zone)}"


def offer(shift: Shift, code: str, default_zone: str) -> str:
    """The text of an offer."""
    return _fit(subject(shift, default_zone), shift, f". Reply YES {code} to take it, NO {code} to pass.")


def call(shift: Shift, default_zone: str) -> str:
    """What the call says."""
    return _fit(f"Open {subject(shift, default_zone)}", shift, ". Press 1 to accept, 2 to decline.")


def confirmed(shift: Shift, code: str | None, default_zone: str) -> str:
    """To who has got the shift."""
    undo = f" Can't make it? Reply NO {code}." if code else ""
    return _fit(f"Confirmed: {subject(shift, default_zone)}", shift, f" is yours.{undo}")


def cancelled(shift: Shift, default_zone: str) -> str:
    """To who had the shift, when it is called off."""
    return f"The {subject(shift, default_zone)} has been called off. You need not come."


def taken_back(shift: Shift, default_zone: str, office: str = OFFICE) -> str:
    """To who had the shift, when the coordinator takes it back."""
    return f"The {subject(shift, default_zone)} is no longer yours. Questions? Call {office}."


def unclear(choices: Sequence[tuple[str, Shift]], default_zone: str, office: str = OFFICE) -> str:
    """To a message that is no answer: how to answer these offers, by their codes ("" if it has none)."""
    sorry = "Sorry, we did not understand."
    if not choices:
        return f"{sorry} We have no open shift for you just now. Questions? Call {office}."
    if len(choices) == 1:
        letter = f" {choices[0][0]}" if choices[0][0] else ""
        return f"{sorry} Reply YES{letter} to take the shift, NO{letter} to pass, or call {office}."
    how = f"{sorry} Reply YES or NO and the letter, or call {office}:"
    full = f"{how} {_listed(choices, default_zone)}."
    return full if len(full) <= SEGMENT else f"{how} {', '.join(code for code, _ in choices)}."[:SEGMENT]


def at_its_time(shift: Shift, code: str, default_zone: str) -> str:
    """To who would take the shift at another time than its own."""
    only = f"The {subject(shift, default_zone)} is at this time only"
    return f"{only}. Reply YES {code} to take it, NO {code} to pass."


def unclear_but_theirs(shift: Shift, code: str | None, default_zone: str, office: str = OFFICE) -> str:
    """To a message that is no answer from who has the shift."""
    undo = f"Can't make it? Reply NO {code} or call" if code else "Questions? Call"
    return (
        f"Sorry, we did not understand. Your shift {times(shift, default_zone)} stays yours. {undo} {office}."
    )


def unclear_and_gone(shift: Shift, default_zone: str, office: str = OFFICE) -> str:
    """To a message that is no answer, about a shift that cannot be taken."""
    gone = f"The shift {times(shift, default_zone)} is not open"
    return f"Sorry, we did not understand. {gone}. Questions? Call {office}."


@lru_cache(maxsize=1024)
def local_time(minute: int, zone_name: str) -> str:
    """The time of day in a zone, `minute` minutes after 1970 (UTC)."""
    return clock(datetime.fromtimestamp(minute * 60, EPOCH.tzinfo).astimezone(zone(zone_name)))


def answer(
    status: ResultStatus,
    shift: Shift | None,
    default_zone: str,
    *,
    code: str | None = None,
    since_ms: int | None = None,
    conflict: Shift | None = None,
    choices: Iterable[tuple[str, Shift]] = (),
    office: str = OFFICE,
) -> str | None:
    """The text back to somebody whose message came to `status`; None where the carrier answers itself.

    `shift` is the one it was about, `since_ms` when it was filled, `conflict` the shift of theirs that
    overlaps it, `choices` the codes and shifts that could be meant.
    """
    about = subject(shift, default_zone) if shift else "shift"
    match status:
        case "claimed" | "already_yours":
            assert shift is not None
            return confirmed(shift, code, default_zone)
        case "already_claimed":
            assert shift is not None
            at = local_time((since_ms or 0) // 60_000, shift.timezone or default_zone)
            return f"Sorry, the {about} went to someone else at {at}. Thank you!"
        case "declined":
            return f"OK, you pass on the {about}. Thanks for telling us."
        case "released":
            return f"OK, the {about} is no longer yours. We are looking for someone else."
        case "closed":
            return f"Sorry, the {about} is no longer open. Thank you!"
        case "not_eligible":
            return f"Sorry, the {about} needs another role than yours."
        case "double_booked":
            assert conflict is not None
            own = times(conflict, default_zone)
            return f"The {about} overlaps your shift {own}. It stays open for others."
        case "which_shift":
            return _which(list(choices), default_zone)
        case "no_open_offer":
            return "We have no open shift for you just now. We will text you when there is one."
        case "unknown":
            return unclear(list(choices), default_zone, office)
        case "help":
            return "Shift offers: reply YES or NO with the offer's letter, like YES B. STOP ends all texts."
        case "opted_in":
            return "Welcome back: you will get our shift offers again. Reply STOP to end them."
        case "opted_out":
            return None


def _listed(choices: Iterable[tuple[str, Shift]], default_zone: str) -> str:
    return "; ".join(f"{code} {times(shift, default_zone)}" for code, shift in choices)


def _which(choices: list[tuple[str, Shift]], default_zone: str) -> str:
    """Names as many offers as one segment holds, the rest by their codes."""
    full = f"Which shift? {_listed(choices, default_zone)}. Reply YES or NO and the letter."
    if len(full) <= SEGMENT:
        return full
    codes = ", ".join(code for code, _ in choices)
    return f"Which shift? Reply YES or NO and the letter of the offer: {codes}."[:SEGMENT]
