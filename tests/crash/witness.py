"""What is known of a service from outside: its carrier's own lines, its journal, and the answers it gave.

The functions compare them and return a sentence for each contradiction; nothing here depends on time.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core import fanout
from core.events import (
    Cancelled,
    Claimed,
    Entry,
    Expired,
    FanoutStarted,
    OffersMade,
    OptedOut,
    Released,
    Replied,
    SendFailed,
    SendStarted,
    Sent,
)
from core.fanout import State
from core.sends import Limits
from tests.cli.process import entries

Told = tuple[str | None, str, str]
"""An answer to a message: the shift, the caregiver, and what they were told."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text or call as the carrier took it."""

    key: str
    attempt: int
    phone: str
    text: str


def lines(witness: Path) -> list[Line]:
    """What the carrier took. A line that the process died over was not taken."""
    found = []
    for text in witness.read_text().splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        found.append(Line(line["key"], line["attempt"], line["to"], line["text"]))
    return found


def mend(witness: Path) -> None:
    """Ends a line that the process died over, so that the next one starts on its own."""
    text = witness.read_bytes()
    if text and not text.endswith(b"\n"):
        with witness.open("ab") as file:
            file.write(b"\n")


@dataclass
class Journal:
    """An exported journal that grows; what has been read once must never change."""

    text: bytes = b""
    entries: list[Entry] = field(default_factory=list)

    def read(self, exported: Path) -> None:
        text = exported.read_bytes()
        assert text.startswith(self.text), "the journal has lost or changed what it said before"
        self.entries += entries(text[len(self.text) :].decode())
        self.text = text

    @property
    def seq(self) -> int:
        return self.entries[-1].seq if self.entries else 0

    def states(self) -> dict[str, State]:
        """Where each shift stands."""
        states: dict[str, State] = {}
        for entry in self.entries:
            if entry.shift_id is None:
                continue
            state = states.get(entry.shift_id, State("", 0, 0))
            if isinstance(entry.event, FanoutStarted):
                state = state._replace(start_ms=entry.event.start_ms, end_ms=entry.event.end_ms)
            states[entry.shift_id] = fanout.evolve(state, entry.event)
        return states

    def told(self) -> Counter[Told]:
        """What each message came to."""
        return Counter(
            (entry.shift_id, entry.event.caregiver_id, entry.event.result)
            for entry in self.entries
            if isinstance(entry.event, Replied)
        )


class Sends:
    """What a journal says of sends: which were due, which began and ended, and which had no use any more."""

    def __init__(self, journal: Sequence[Entry]) -> None:
        self.offers: dict[str, tuple[int, str, str]] = {}  # key: seq, shift, caregiver
        self.started: dict[str, dict[int, int]] = defaultdict(dict)  # key: attempt: seq
        self.ended: dict[str, Sent | SendFailed] = {}
        self.called: dict[str, int] = {}  # when somebody was phoned last, in ms
        self._moved: dict[str, int] = {}  # when a shift was last claimed, given back or closed
        self._gone: dict[str, int] = {}  # when somebody last took a shift or opted out
        self._declined: dict[tuple[str, str], int] = {}
        generations: Counter[str] = Counter()
        for entry in journal:
            seq, shift_id, event = entry.seq, entry.shift_id or "", entry.event
            match event:
                case FanoutStarted():
                    generations[shift_id] = 1
                case OffersMade():
                    for person in event.caregiver_ids:
                        key = f"{shift_id}:{generations[shift_id]}:{event.round}:{event.channel}:{person}"
                        self.offers[key] = seq, shift_id, person
                case SendStarted():
                    self.started[event.key][event.attempt] = seq
                    if event.channel == "voice":
                        self.called[event.caregiver_id] = event.at_ms
                case Sent() | SendFailed():
                    self.ended[event.key] = event
                case Claimed():
                    self._moved[shift_id] = self._gone[event.caregiver_id] = seq
                case Released():
                    generations[shift_id] += 1
                    self._moved[shift_id] = seq
                case Cancelled() | Expired():
                    self._moved[shift_id] = seq
                case OptedOut() | Replied(result="declined"):
                    self._declined[shift_id, event.caregiver_id] = seq
                case Replied(result="opted_out"):
                    self._gone[event.caregiver_id] = seq
                case _:
                    pass

    def due(self) -> Iterator[str]:
        """The offers that ought to be sent: made, not ended, and the shift still to be had by them."""
        for key, (made, shift_id, person) in self.offers.items():
            since = self._moved.get(shift_id, 0), self._gone.get(person, 0)
            if key not in self.ended and made > max(*since, self._declined.get((shift_id, person), 0)):
                yield key

    def held_back(self, key: str, now_ms: int) -> bool:
        """Whether a call waits because the same person has lately been phoned, perhaps by the process that
        died over this very call."""
        _, _, person = self.offers[key]
        rests = now_ms - self.called.get(person, 0) < Limits().voice_per_person_ms
        return ":voice:" in key and rests


def overdue(journal: Journal, now_ms: int) -> list[str]:
    """The open shifts whose deadlines have come, or whose rounds are not over."""
    return [
        f"{shift_id}: nothing came of its deadline at {due_ms}"
        for shift_id, state in journal.states().items()
        if (due_ms := fanout.next_deadline_ms(state)) is not None
        and (due_ms <= now_ms or not state.exhausted)
    ]


def contradictions(journal: Journal, witness: Path, kills: Sequence[int]) -> list[str]:
    """Where the carrier's own lines and the journal disagree. `kills`: its last `seq` at each kill."""
    sends, found = Sends(journal.entries), []
    taken: dict[str, list[int]] = defaultdict(list)
    for line in lines(witness):
        taken[line.key].append(line.attempt)
        if line.attempt not in sends.started.get(line.key, {}):
            found.append(
                f"{line.key}, attempt {line.attempt}, was sent, and the journal does not know it began"
            )
    for key, event in sends.ended.items():
        last = max(sends.started[key])
        if isinstance(event, SendFailed):
            found.append(f"{key} failed, with a carrier that takes everything: {event.why}")
        elif last not in taken[key]:
            found.append(f"{key}, attempt {last}, is called sent, and the carrier never saw it")
    for key, attempts in taken.items():
        if len(attempts) != len(set(attempts)):
            found.append(f"{key} was sent twice in one attempt")
    for key, attempts in sends.started.items():
        for attempt in range(2, max(attempts) + 1):
            if not any(attempts[attempt - 1] <= kill < attempts[attempt] for kill in kills):
                found.append(f"{key} was begun again, attempt {attempt}, and no kill came between")
    return found
