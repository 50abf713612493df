"""What a journal says about how people answer: how long each text was watched, and what came of each call.

A text is watched from its sending until the caregiver's first reply about the shift, or until somebody could
no longer tell whether a reply would have come (it is *censored*):

- when the shift is filled, cancelled, over, or the journal ends: none of these depends on this person's reply
  unless the reply itself caused it, and then the reply is seen first;
- when this person answers a call about the shift: from then on they say what they have to say by phone. Who
  would answer does not depend on when they would have texted, so this too tells nothing about the text. For
  who does not pick up, the text is watched on;
- when they are reminded by another text: what comes then may answer either.

Only the first text about a shift that reaches somebody is watched. In a later generation those who have been
asked already, or have already spoken, are another kind of audience, and late answers to the first text would
be taken for quick ones to the second.
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

# Times are whole milliseconds: a reply at 0 came within the first half, and so does what is just before.
_AT_ONCE_MS = _JUST_BEFORE_MS = 0.5


class Text(NamedTuple):
    """A text was watched for `watched_s` seconds: until it was `replied` to, or else until it was censored.

    `accepts`: whether the first yes or no was a yes; None if none was seen.
    """

    role: str
    watched_s: float
    replied: bool
    accepts: bool | None


class Call(NamedTuple):
    """A call rang for `rang_s` seconds until it was `answered`, or until it was known that it would not be.

    `answered` is None if the journal tells only that it had rung that long, as when it ends with the fill.
    `accepts`: whether the first yes or no after the answer was a yes; None if there was none.
    """

    role: str
    rang_s: float
    answered: bool | None
    accepts: bool | None = None


@dataclass(frozen=True, slots=True)
class Observations:
    """`roster`: how many different people were ever offered a shift of a role; `fanouts`: how many it had.

    `starts`: of each fanout when it began, and its shift's start and end, in ms. `unplaced`: replies that
    could not be placed with one shift.
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
    """What the entries, in order of `seq`, say. Shifts whose start they do not hold are left out."""
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
    """A text under watch. After a reply that decides nothing, the decision is still waited for."""

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
    """A call, the `number`th of its shift. `until_ms`: the last moment when it was known to ring."""

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
                    del self.watches[person]  # it has not reached them; the next attempt may
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
                self._heard(person, at_ms, False)  # it counts as a no wherever they were asked
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
        self.ringing.pop(person, None)  # who is texting does not pick up: that call tells nothing
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
        """Nobody can tell any more who else would have answered."""
        for watch in self.watches.values():
            watch.stop(min(at_ms, self.end_ms))
        for call in self.ringing.values():
            if call.until_ms is None:
                # Of calls that ring equally long the first to be placed is the first to be answered: of those
                # placed after the last answered one, the end came before this very moment.
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
