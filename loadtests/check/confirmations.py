"""Which texts told caregivers that a shift is theirs, according to the journals.

The journals of all shifts are read together: one message can win several shifts and gets one text, whose
sending is recorded in the journal of one of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.events import Claimed, Entry, Event, SendFailed, SendStarted, Sent, read_old_key

Delivery = Literal["sent", "failed", "pending"]


@dataclass(slots=True)
class _Text:
    """A text that answers a message. `shift_id`: in whose journal it is. `failed`: for good."""

    shift_id: str
    started: SendStarted
    times_sent: int = 0
    failed: bool = False

    @property
    def confirms_what_its_key_names(self) -> bool:
        """Whether the text may come from version 0.1, which did not record what a text confirms.

        Then `confirms` is the last entry that the message caused: a claim only if the message won the shift
        with its last answer. A long answer went out as two texts, which name the same entry.
        """
        named: tuple[int, ...] = read_old_key(self.started.key, self.shift_id).get("confirms", ())
        return self.started.confirms == named


class Confirmations:
    """`journals`: the entries of each shift."""

    def __init__(self, journals: Mapping[str, Sequence[Entry]]) -> None:
        self._events = {entry.seq: entry.event for journal in journals.values() for entry in journal}
        self._texts: dict[str, _Text] = {}
        for shift_id, journal in journals.items():
            for entry in journal:
                self._read(shift_id, entry.event)
        self._of_claim: dict[int, list[_Text]] = {}
        self._of_shift: dict[str, list[_Text]] = {}
        for text in self._texts.values():
            self._of_shift.setdefault(text.shift_id, []).append(text)
            for seq in text.started.confirms:
                if self._is_claim(seq, text.started.caregiver_id):
                    self._of_claim.setdefault(seq, []).append(text)

    def _read(self, shift_id: str, event: Event) -> None:
        if isinstance(event, SendStarted):
            if event.purpose == "answer":
                self._texts.setdefault(event.key, _Text(shift_id, event)).failed = False
        elif isinstance(event, Sent | SendFailed) and event.key in self._texts:
            text = self._texts[event.key]
            if isinstance(event, Sent):
                text.times_sent += 1
            else:
                text.failed = event.final

    def of(self, claim: Entry) -> Delivery:
        """What became of the text that confirms a claim."""
        texts = self._of_claim.get(claim.seq, ())
        if any(text.times_sent for text in texts):
            return "sent"
        return "failed" if any(text.failed for text in texts) else "pending"

    def violations(self, shift_id: str) -> Iterator[str]:
        """What is wrong with the texts in the journal of this shift."""
        for text in self._of_shift.get(shift_id, ()):
            key, caregiver_id = text.started.key, text.started.caregiver_id
            if self._is_wrong(text):
                yield f"{caregiver_id} was sent {key}, which confirms what is not a claim of theirs"
            if text.times_sent > 1:
                yield f"{caregiver_id} was sent {key} twice"
            for seq in text.started.confirms:
                confirming = [each for each in self._of_claim.get(seq, ()) if each.times_sent]
                if text in confirming[1:] and not text.confirms_what_its_key_names:
                    yield f"{caregiver_id} was sent {key}, though {confirming[0].started.key} had told them"

    def _is_claim(self, seq: int, caregiver_id: str) -> bool:
        event = self._events.get(seq)
        return isinstance(event, Claimed) and event.caregiver_id == caregiver_id

    def _is_wrong(self, text: _Text) -> bool:
        """Whether a text confirms anything but claims of its recipient.

        An entry that is in none of the journals may belong to a shift that was not raced for, so one claim is
        enough.
        """
        caregiver_id, confirms = text.started.caregiver_id, text.started.confirms
        known = [seq for seq in confirms if seq in self._events]
        if text.confirms_what_its_key_names:
            owners = [getattr(self._events[seq], "caregiver_id", caregiver_id) for seq in known]
            return any(owner != caregiver_id for owner in owners)
        own = [self._is_claim(seq, caregiver_id) for seq in known]
        return bool(confirms) and not (own and all(own))
