"""A batch of commands while it is decided: the snapshot as it becomes, and the changes so far."""

from dataclasses import replace

from core import fanout, offers, wording
from core.events import (
    Cancelled,
    Claimed,
    Entry,
    Event,
    Expired,
    FanoutStarted,
    Input,
    OffersMade,
    Outcome,
    Released,
    Tick,
)
from core.fanout import State
from core.model import Channel
from core.offers import Offer
from core.ports import Changes, Member, Snapshot
from core.sends import Purpose, Send


class Batch:
    """What the handlers of commands work on: they read `known`, and every write goes to both sides."""

    def __init__(self, timezone: str, office: str, snapshot: Snapshot, now_ms: int) -> None:
        self.timezone = timezone
        self.office = office
        self.known = snapshot
        self.now_ms = now_ms
        self.changes = Changes()
        self.seq = snapshot.next_seq

    def send(
        self, key: str, caregiver_id: str, channel: Channel, purpose: Purpose, text: str,
        shift_id: str | None, generation: int = 0,
    ) -> None:  # fmt: skip
        """Queues a text or a call. `generation` is that of an offer."""
        self.put_send(Send(key, caregiver_id, channel, purpose, text, self.now_ms, shift_id, generation))

    def apply(self, shift_id: str, given: Input) -> Outcome:
        """Steps the fanout and carries out what its events mean for offers, sends and holdings."""
        state = self.known.fanouts[shift_id]
        available = self.available(state) if shift_id in self.known.ready else None
        taken = fanout.step(state, given, self.now_ms, available)
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
                    held = self.known.holds.setdefault(caregiver_id, {})
                    held[shift_id] = (state.start_ms, state.end_ms)
                    self.changes.withdrawn[shift_id] = generation
                case Released(caregiver_id=caregiver_id):
                    self.known.holds.get(caregiver_id, {}).pop(shift_id, None)
                    generation += 1
                case Cancelled() | Expired():
                    if state.holder is not None:
                        self.known.holds.get(state.holder, {}).pop(shift_id, None)
                    self.changes.withdrawn[shift_id] = generation
                case _:
                    pass
        if taken.state is not state:
            self.known.fanouts[shift_id] = self.changes.fanouts[shift_id] = taken.state
        return taken.outcome

    def available(self, state: State) -> tuple[str, ...]:
        """Who can be offered the shift, in load order."""
        return tuple(
            caregiver_id
            for caregiver_id in self.known.rosters.get(state.role, ())
            if not self.known.members[caregiver_id].opted_out
            and not self.overlapping(caregiver_id, state.start_ms, state.end_ms)
        )

    def conflict(self, caregiver_id: str, shift_id: str) -> str | None:
        """Another shift that the caregiver holds and that overlaps this one: of several, the first by id."""
        state = self.known.fanouts[shift_id]
        held = self.overlapping(caregiver_id, state.start_ms, state.end_ms)
        others = [other for other in held if other != shift_id]
        return min(others) if others else None

    def overlapping(self, caregiver_id: str, start_ms: int, end_ms: int) -> list[str]:
        held = self.known.holds.get(caregiver_id)
        if not held:
            return []
        return [other for other, (start, end) in held.items() if start < end_ms and end > start_ms]

    def make_offers(self, shift_id: str, generation: int, event: OffersMade) -> None:
        """Expands one round into an offer and a send for each caregiver."""
        shift = self.known.shifts[shift_id]
        spoken = wording.call(shift, self.timezone)
        for caregiver_id in event.caregiver_ids:
            offer = self.make_offer(caregiver_id, shift_id, generation, event.at_ms)
            voice = event.channel == "voice"
            text = spoken if voice else wording.offer(shift, offer.code, self.timezone)
            key = f"{shift_id}:{generation}:{event.round}:{event.channel}:{caregiver_id}"
            self.send(key, caregiver_id, event.channel, "offer", text, shift_id, generation)

    def make_offer(self, caregiver_id: str, shift_id: str, generation: int, at_ms: int) -> Offer:
        made = self.known.offers.get(caregiver_id, {})
        used = {offer.code for other, offer in made.items() if other != shift_id and self.is_live(offer)}
        if shift_id not in made:
            offer = Offer(shift_id, caregiver_id, offers.new_code(used), generation, at_ms)
        else:
            offer = made[shift_id].again(generation, at_ms)
            if offer.code in used:  # after a day it was free, and another offer has it now
                offer = offer._replace(code=offers.new_code(used))
        self.put_offer(offer)
        return offer

    def is_live(self, offer: Offer) -> bool:
        """Whether its code still means it: for a day, and while the caregiver holds the shift."""
        if self.now_ms - offer.made_ms < offers.DAY_MS:
            return True
        state = self.known.fanouts.get(offer.shift_id)
        # Of shifts that the batch is not about, only live offers have been read.
        return state is None or (state.holder == offer.caregiver_id and state.end_ms > self.now_ms)

    def at(self, state: State) -> int:
        """Now, but not before the shift's last event."""
        return max(self.now_ms, state.last_ms)

    def record(self, shift_id: str, event: Event) -> None:
        """Writes an event that no input of the fanout causes, after the deadlines that have come."""
        due_ms = fanout.next_deadline_ms(self.known.fanouts[shift_id])
        if due_ms is not None and due_ms <= event.at_ms:
            self.apply(shift_id, Tick())
        state = fanout.evolve(self.known.fanouts[shift_id], event)
        self.known.fanouts[shift_id] = self.changes.fanouts[shift_id] = state
        self.write(shift_id, state.version, event)

    def note(self, event: Event) -> None:
        """Writes an event that concerns no shift."""
        self.write(None, None, event)

    def write(self, shift_id: str | None, version: int | None, event: Event) -> None:
        self.changes.entries.append(Entry(self.seq, shift_id, version, event))
        self.seq += 1

    def offer(self, caregiver_id: str, shift_id: str) -> Offer | None:
        return self.known.offers.get(caregiver_id, {}).get(shift_id)

    def put_offer(self, offer: Offer) -> None:
        self.known.offers.setdefault(offer.caregiver_id, {})[offer.shift_id] = offer
        self.changes.offers[offer.shift_id, offer.caregiver_id] = offer

    def put_member(self, member: Member) -> None:
        self.known.members[member.id] = self.changes.members[member.id] = member

    def told(self, caregiver_id: str) -> None:
        """Remembers that they are sent a text just now that is about no offer."""
        self.put_member(replace(self.known.members[caregiver_id], told_ms=self.now_ms))

    def put_send(self, send: Send) -> None:
        self.known.sends[send.key] = self.changes.sends[send.key] = send
