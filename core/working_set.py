"""What a batch of commands works on: everything that was read, as it becomes while the batch is decided."""

from dataclasses import replace

from core import fanout, sends
from core.events import (
    Cancelled,
    Claimed,
    Entry,
    Event,
    Expired,
    FanoutStarted,
    OffersMade,
    Purpose,
    Released,
)
from core.inputs import Input, Outcome, Tick
from core.model import DEFAULT_POLICY, Policy
from core.notice import Notice
from core.offers import DAY_MS, Offer, new_code
from core.ports import DEFAULT, Attention, AttentionReason, Changes, DueSends, Found, Held, RosterEntry
from core.record import record
from core.sends import Send


@record
class Rules:
    """What is the same for every decision.

    `timezone`: in which the times of shifts count that name none. `reserved_codes`: what would do for an
    offer's code, but is a word of some language. `attention_ms`: for how long what coordinators should see is
    kept at least.
    """

    timezone: str = "UTC"
    reserved_codes: frozenset[str] = frozenset()
    attention_ms: int = 90 * DAY_MS


class RosterNotRead(Exception):
    """A round is due, and nobody looked who may be offered the shift."""


class WorkingSet:
    """The handlers of commands read its dictionaries; every write goes to them and to `changes`.

    `rostered`: the shifts for which everybody who might be asked has been read.
    """

    def __init__(self, rules: Rules, now_ms: int, found: Found, due: DueSends | None = None) -> None:
        self.rules = rules
        self.now_ms = now_ms
        self.seq = found.next_seq
        self.changes = Changes()
        self.inbox, self.once = found.inbox, found.once
        self.people = found.people
        self.phones = found.phones
        self.opted_out = found.opted_out
        self.shifts = found.shifts
        self.fanouts = found.fanouts
        self.offers = found.offers
        self.holds: dict[str, Held] = found.holds
        self.rosters = found.rosters
        self.rostered: set[str] = set()
        self.policies = found.policies
        self.sends = found.sends
        self.due, self.due_asked = found.due, due
        self.started_ms = found.started_ms
        self.next_due_ms, self.resting_ms = found.next_due_ms, found.resting_ms
        self.attention = found.attention

    def add(self, found: Found) -> None:
        """Takes in what a second read has found."""
        self.people |= found.people
        self.shifts |= found.shifts
        self.fanouts |= found.fanouts
        self.rosters |= found.rosters
        for caregiver_id, held in found.holds.items():  # either read may know of earlier ones
            self.holds[caregiver_id] = self.holds.get(caregiver_id, {}) | held
        for caregiver_id, offers in found.offers.items():
            self.offers[caregiver_id] = offers | self.offers.get(caregiver_id, {})

    def policy(self, organization: str) -> Policy:
        return self.policies.get(organization) or self.policies.get(DEFAULT) or DEFAULT_POLICY

    def apply(self, shift_id: str, given: Input) -> Outcome:
        """Steps the fanout and carries out what its events mean for offers, sends and holdings."""
        state = self.fanouts[shift_id]
        taken = fanout.step(state, given, self.now_ms, lambda: self.available(shift_id))
        generation, version = state.generation, state.version
        for event in taken.events:
            version += 1
            self.write(shift_id, version, event)
            match event:
                case FanoutStarted():
                    generation = 1
                case OffersMade():
                    self.make_offers(shift_id, generation, event)
                case Claimed(caregiver_id=caregiver_id):
                    held = self.holds.setdefault(caregiver_id, {})
                    held[shift_id] = (state.start_ms, state.end_ms)
                    self.changes.withdrawn[shift_id] = generation
                case Released(caregiver_id=caregiver_id):
                    self.holds.get(caregiver_id, {}).pop(shift_id, None)
                    generation += 1
                case Cancelled() | Expired():
                    if state.holder is not None:
                        self.holds.get(state.holder, {}).pop(shift_id, None)
                    self.changes.withdrawn[shift_id] = generation
                case _:
                    pass
        if taken.state is not state:
            self.fanouts[shift_id] = self.changes.fanouts[shift_id] = taken.state
        return taken.outcome

    def record(self, shift_id: str, event: Event) -> None:
        """Writes an event that no input of the fanout causes, after the deadlines that have come."""
        due_ms = fanout.next_deadline_ms(self.fanouts[shift_id])
        if due_ms is not None and due_ms <= event.at_ms:
            self.apply(shift_id, Tick())
        state = fanout.evolve(self.fanouts[shift_id], event)
        self.fanouts[shift_id] = self.changes.fanouts[shift_id] = state
        self.write(shift_id, state.version, event)

    def note(self, event: Event) -> None:
        """Writes an event that concerns no shift."""
        self.write(None, None, event)

    def write(self, shift_id: str | None, version: int | None, event: Event) -> None:
        self.changes.entries.append(Entry(self.seq, shift_id, version, event))
        self.seq += 1

    def at(self, shift_id: str) -> int:
        """Now, but not before the shift's last event."""
        return max(self.now_ms, self.fanouts[shift_id].last_ms)

    def available(self, shift_id: str) -> tuple[str, ...]:
        """Who can be offered the shift, in load order. Raises `RosterNotRead`."""
        if shift_id not in self.rostered:
            raise RosterNotRead(shift_id)
        state = self.fanouts[shift_id]
        return tuple(
            caregiver_id
            for caregiver_id in self.rosters.get(state.role, ())
            if not self.people[caregiver_id].opted_out
            and not self.overlapping(caregiver_id, state.start_ms, state.end_ms)
        )

    def conflict(self, caregiver_id: str, shift_id: str) -> str | None:
        """Another shift that the caregiver holds and that overlaps this one: of several, the first by id."""
        state = self.fanouts[shift_id]
        held = self.overlapping(caregiver_id, state.start_ms, state.end_ms)
        return min((other for other in held if other != shift_id), default=None)

    def overlapping(self, caregiver_id: str, start_ms: int, end_ms: int) -> list[str]:
        held = self.holds.get(caregiver_id)
        if not held:
            return []
        return [other for other, (start, end) in held.items() if start < end_ms and end > start_ms]

    def put_person(self, person: RosterEntry) -> None:
        self.people[person.id] = self.changes.people[person.id] = person

    def consent(self, person: RosterEntry, opted_out: bool) -> None:
        """Writes whether their phone wants messages."""
        self.put_person(replace(person, opted_out=opted_out))
        self.changes.consents[person.phone] = opted_out
        (self.opted_out.add if opted_out else self.opted_out.discard)(person.phone)

    def show(
        self, reason: AttentionReason, *shift_ids: str | None, caregiver_id: str | None = None,
        phone: str | None = None, text: str = "",
    ) -> None:  # fmt: skip
        """Shows something to coordinators, with each of the shifts that it may be about."""
        for shift_id in shift_ids or (None,):
            self.changes.attention.append(Attention(self.now_ms, reason, text, shift_id, caregiver_id, phone))
        self.changes.forget_ms = self.now_ms - self.rules.attention_ms

    def noticed(self, caregiver_id: str) -> None:
        """Remembers that they are sent a text just now that is about no offer."""
        self.put_person(replace(self.people[caregiver_id], last_notice_ms=self.now_ms))

    def make_offers(self, shift_id: str, generation: int, event: OffersMade) -> None:
        """Expands one round into an offer and a send for each caregiver."""
        shift, channel = self.shifts[shift_id], event.channel
        for caregiver_id in event.caregiver_ids:
            offer = self.make_offer(caregiver_id, shift_id, generation, event.at_ms)
            key = sends.offer_key(shift_id, generation, event.round, channel, caregiver_id)
            notices = (Notice("offer", shift, offer.code),)
            self.put_send(Send(
                key, caregiver_id, channel, "offer", self.now_ms, notices, shift_id=shift_id,
                generation=generation, round=event.round,
            ))  # fmt: skip

    def make_offer(self, caregiver_id: str, shift_id: str, generation: int, at_ms: int) -> Offer:
        made = self.offers.get(caregiver_id, {})
        if shift_id in made:
            offer = made[shift_id].again(generation, at_ms)
        else:
            used = {offer.code for offer in made.values() if at_ms < offer.until_ms}
            until_ms = max(self.fanouts[shift_id].end_ms, at_ms + DAY_MS)
            code = new_code(used, self.rules.reserved_codes)
            offer = Offer(shift_id, caregiver_id, code, generation, at_ms, until_ms)
        self.put_offer(offer)
        return offer

    def live_offers(self, caregiver_id: str) -> list[Offer]:
        """The offers of theirs whose code still means them; these have been read with their shifts."""
        made = self.offers.get(caregiver_id, {})
        return [offer for offer in made.values() if self.now_ms < offer.until_ms]

    def offer(self, caregiver_id: str, shift_id: str) -> Offer | None:
        return self.offers.get(caregiver_id, {}).get(shift_id)

    def put_offer(self, offer: Offer) -> None:
        self.offers.setdefault(offer.caregiver_id, {})[offer.shift_id] = offer
        self.changes.offers[offer.shift_id, offer.caregiver_id] = offer

    def tell(
        self, key: str, caregiver_id: str, purpose: Purpose, notices: tuple[Notice, ...],
        shift_id: str | None, confirms: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        """Queues a text that is no offer."""
        send = Send(
            key, caregiver_id, "sms", purpose, self.now_ms, notices, shift_id=shift_id, confirms=confirms
        )
        self.put_send(send)

    def put_send(self, send: Send) -> None:
        self.sends[send.key] = self.changes.sends[send.key] = send
