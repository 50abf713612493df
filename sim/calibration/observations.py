"""What a journal says about how people answer: how long each text was watched, and how each call ended.

A text is watched from when it is sent until the caregiver's first reply about the shift. It is *censored*
when it can no longer be known whether a reply would have come:

- When the shift is filled, canceled or ended, or the journal ends. These do not depend on this person's
  reply, unless the reply itself caused them, and then it is seen first.
- When this person answers a call about the shift, since they then say yes or no by phone. Whether somebody
  would answer a call does not depend on when they would have replied, so this says nothing about the text.
  If they do not pick up, the text is watched further.
- When they get another text about the shift, since a later reply could answer either text.

Only the first text about a shift that reaches a person is watched. In a later generation, people who have
already been asked or have already answered behave differently, and a late answer to the first text would look
like a quick answer to the second.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from core.events import (
    CallAnswered,
    CallUnanswered,
    Cancelled,
    Claimed,
    Entry,
    Event,
    Expired,
    FanoutStarted,
    OffersMade,
    OptedOut,
    Released,
    Replied,
    SendFailed,
    SendStarted,
)
from core.model import Channel

# Times are whole milliseconds: a reply after 0 ms came within half of one, and so long is "just before".
_AT_ONCE_MS = _JUST_BEFORE_MS = 0.5


class Text(NamedTuple):
    """A text that was watched for `watched_s` seconds, until it was replied to or censored.

    `accepts`: whether the first yes or no was a yes; None if neither was seen.
    """

    role: str
    watched_s: float
    replied: bool
    accepts: bool | None


class Call(NamedTuple):
    """A call that rang for `rang_s` seconds, until it was answered or failed to be.

    `answered` is None if the journal only says that it rang for that long, as when it ends with the fill.
    `accepts`: whether the first yes or no after the answer was a yes; None if there was neither.
    """

    role: str
    rang_s: float
    answered: bool | None
    accepts: bool | None = None


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything observed in a journal.

    `roster`: for each role, how many different people were ever offered a shift; `fanouts`: how many fanouts
    there were. `starts`: when each fanout began, and the start and end of its shift, in ms. `unplaced`: how
    many replies could have meant several shifts.
    """

    texts: tuple[Text, ...]
    calls: tuple[Call, ...]
    roster: dict[str, int]
    fanouts: dict[str, int]
    starts: tuple[tuple[int, int, int], ...]
    unplaced: int

    def of_role(self, role: str) -> tuple[tuple[Text, ...], tuple[Call, ...]]:
        """The texts and calls about shifts of this role."""
        texts = tuple(text for text in self.texts if text.role == role)
        return texts, tuple(call for call in self.calls if call.role == role)


def observe(entries: Iterable[Entry]) -> Observations:
    """The observations in these entries, which must be in order. Shifts that began earlier are left out."""
    shifts: dict[str, _Shift] = {}
    people: dict[str, set[str]] = {}
    fanouts: Counter[str] = Counter()
    starts: list[tuple[int, int, int]] = []
    unplaced = last_ms = 0
    for entry in entries:
        event = entry.event
        last_ms = max(last_ms, event.at_ms)
        if entry.shift_id is None:
            unplaced += isinstance(event, Replied) and event.result == "which_shift"
        elif isinstance(event, FanoutStarted):
            shifts[entry.shift_id] = _Shift(event.role, event.end_ms)
            fanouts[event.role] += 1
            starts.append((event.at_ms, event.start_ms, event.end_ms))
        elif entry.shift_id in shifts:
            shift = shifts[entry.shift_id]
            shift.see(event)
            if isinstance(event, OffersMade):
                people.setdefault(shift.role, set()).update(event.caregiver_ids)
    for shift in shifts.values():
        shift.stop_watching(last_ms)
    return Observations(
        texts=tuple(text for shift in shifts.values() for text in shift.texts()),
        calls=tuple(call for shift in shifts.values() for call in shift.calls()),
        roster={role: len(ids) for role, ids in sorted(people.items()) if ids},
        fanouts=dict(sorted(fanouts.items())),
        starts=tuple(starts),
        unplaced=unplaced,
    )


@dataclass(slots=True)
class _Watch:
    """A text being watched. After a reply that is neither yes nor no, it still waits for one of these."""

    key: str
    start_ms: int
    until_ms: int | None = None
    replied: bool = False
    accepts: bool | None = None
    over: bool = False

    def stop(self, at_ms: int) -> None:
        if not self.over and not self.replied:
            self.until_ms = at_ms
        self.over = True


@dataclass(slots=True)
class _Ringing:
    """A call, the `number`-th of its shift. `until_ms`: until when it is known to have rung."""

    number: int
    start_ms: int
    until_ms: float | None = None


@dataclass(slots=True)
class _Shift:
    """What is known of one shift.

    `offers`: the channel of each offer that was sent, by its key. `known`: those who have received a text,
    answered a call or spoken. `phoned`: the index in `done` of each person's last answered call. `placed`
    counts calls, and `last_answered` is the number of the last one that was picked up.
    """

    role: str
    end_ms: int
    offers: dict[str, Channel] = field(default_factory=dict)
    watches: dict[str, _Watch] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    ringing: dict[str, _Ringing] = field(default_factory=dict)
    phoned: dict[str, int] = field(default_factory=dict)
    done: list[Call] = field(default_factory=list)
    placed: int = 0
    last_answered: int = 0

    def see(self, event: Event) -> None:
        match event:
            case SendStarted(purpose="offer"):
                self.offers[event.key] = event.channel
                if event.channel == "sms":
                    self._text(event)
                else:
                    self.placed += 1
                    self.ringing[event.caregiver_id] = _Ringing(self.placed, event.at_ms)
            case SendFailed(key=key, caregiver_id=person):
                if person in self.watches and self.watches[person].key == key:
                    del self.watches[person]  # this attempt did not reach them; the next one may
                    self.known.discard(person)
                elif self.offers.get(key) == "voice":
                    self.ringing.pop(person, None)
            case CallAnswered(at_ms=at_ms, caregiver_id=person):
                self._answered(person, at_ms)
            case CallUnanswered(at_ms=at_ms, caregiver_id=person) if person in self.ringing:
                rang_s = (at_ms - self.ringing.pop(person).start_ms) / 1000
                self.done.append(Call(self.role, rang_s, False))
            case Replied(at_ms=at_ms, caregiver_id=person, intent=intent):
                self._heard(person, at_ms, {"accept": True, "decline": False}.get(intent))
            case OptedOut(at_ms=at_ms, caregiver_id=person):
                self._heard(person, at_ms, False)  # counts as a no to every shift that they were asked about
            case Claimed(at_ms=at_ms) | Cancelled(at_ms=at_ms) | Expired(at_ms=at_ms):
                self.stop_watching(at_ms)
            case Released():
                self.phoned.clear()

    def _text(self, event: SendStarted) -> None:
        person = event.caregiver_id
        if person not in self.known:
            self.known.add(person)
            self.watches[person] = _Watch(event.key, event.at_ms)
        elif (watch := self.watches.get(person)) and watch.key != event.key and not watch.replied:
            watch.stop(event.at_ms)

    def _answered(self, person: str, at_ms: int) -> None:
        self.known.add(person)
        if person in self.watches:
            self.watches[person].stop(at_ms)
        if person in self.ringing:
            call = self.ringing.pop(person)
            self.last_answered = call.number
            self.phoned[person] = len(self.done)
            self.done.append(Call(self.role, (at_ms - call.start_ms) / 1000, True))

    def _heard(self, person: str, at_ms: int, accepts: bool | None) -> None:
        self.known.add(person)
        self.ringing.pop(person, None)  # they texted while it rang, so the call says nothing
        if person in self.phoned:
            call = self.done[self.phoned[person]]
            if call.accepts is None:
                self.done[self.phoned[person]] = call._replace(accepts=accepts)
        elif person in self.watches and not self.watches[person].over:
            watch = self.watches[person]
            if not watch.replied:
                watch.replied, watch.until_ms = True, at_ms
            if watch.accepts is None:
                watch.accepts = accepts

    def stop_watching(self, at_ms: int) -> None:
        """Ends all watching: from now on it cannot be known who else would have answered."""
        for watch in self.watches.values():
            watch.stop(min(at_ms, self.end_ms))
        for call in self.ringing.values():
            if call.until_ms is None:
                # All calls ring for the same time, so they are answered in the order in which they were
                # placed. A call placed after the last answered one was still ringing just before this moment.
                just_before = _JUST_BEFORE_MS if call.number > self.last_answered else 0
                call.until_ms = at_ms - just_before

    def texts(self) -> Iterable[Text]:
        for watch in self.watches.values():
            assert watch.until_ms is not None
            watched_s = max(_AT_ONCE_MS, watch.until_ms - watch.start_ms) / 1000
            yield Text(self.role, watched_s, watch.replied, watch.accepts)

    def calls(self) -> Iterable[Call]:
        yield from self.done
        for call in self.ringing.values():
            assert call.until_ms is not None
            yield Call(self.role, (call.until_ms - call.start_ms) / 1000, None)
