"""What stands in which column: the rows of the tables as the core's values, and back."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from core import fanout
from core.fanout import State, Status
from core.model import Policy, Shift
from core.offers import Offer
from core.ports import Attention, RosterEntry
from core.sends import Owner, Send

LISTED = "(SELECT value FROM json_each(?))"


def listed(values: Iterable[object]) -> str:
    """The argument of `LISTED`, or of any `json_each`."""
    return json.dumps(list(values))


# --- caregivers --------------------------------------------------------------------------------

ENTRY = "id, name, role, phone, opted_out, last_notice_ms, last_asked_ms, phone_since_ms"
WHO = attrgetter("name", "role", "phone", "phone_since_ms")


def entry_of(row: Sequence[Any]) -> RosterEntry:
    """From the columns `ENTRY`."""
    caregiver_id, name, role, phone, opted_out, *times = row
    return RosterEntry(caregiver_id, name, role, phone, opted_out == 1, *times)


def entry_row(e: RosterEntry) -> tuple[object, ...]:
    """The columns `ENTRY`."""
    return (
        e.id, e.name, e.role, e.phone, e.opted_out, e.last_notice_ms, e.last_asked_ms, e.phone_since_ms,
    )  # fmt: skip


# --- shifts and fanouts ------------------------------------------------------------------------

SHIFT = """s.id, s.data, f.start_ms, f.end_ms, r.policy, r.generation, r.opened_ms, r.rounds_done,
    r.round_ms, r.exhausted, r.contacted, r.declined, f.status, f.version, f.last_ms,
    (SELECT id FROM caregivers WHERE number = f.holder), f.since_ms"""
SHIFT_OF = """shifts s LEFT JOIN fanouts f ON f.shift = s.number LEFT JOIN rounds r ON r.shift = s.number"""
# The fields of a state by where they stand: in `rounds`, which only rounds write; the times of the shift;
# the shift's life, which a claim writes. All events write the rest: how many there were, and the last time.
ROUNDS = attrgetter(
    "policy", "generation", "opened_ms", "rounds_done", "round_ms", "exhausted", "contacted", "declined"
)
TIMES = attrgetter("start_ms", "end_ms")
LIFE = attrgetter("status", "holder", "since_ms")


@lru_cache(maxsize=4096)
def policy_of(text: str) -> Policy:
    return Policy.model_validate_json(text)


# Shifts of one role are offered to the same people, so most lists have been read before.
@lru_cache(maxsize=512)
def _people(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


@lru_cache(maxsize=512)
def _people_text(people: frozenset[str]) -> str:
    return json.dumps(sorted(people), separators=(",", ":"))


def shift_of(row: Sequence[Any]) -> tuple[Shift, State]:
    """A shift and its state from the columns `SHIFT`; without a fanout, that it is planned."""
    shift = Shift.model_validate_json(row[1])
    if row[2] is None:
        return shift, fanout.planned(shift)
    start_ms, end_ms, policy, generation, opened_ms, rounds_done, round_ms, exhausted = row[2:10]
    contacted, declined, status, version, last_ms, holder, since_ms = row[10:]
    return shift, State(
        role=shift.role_required, start_ms=start_ms, end_ms=end_ms, policy=policy_of(policy),
        generation=generation, opened_ms=opened_ms, rounds_done=rounds_done, round_ms=round_ms,
        exhausted=exhausted == 1, contacted=_people(contacted), declined=_people(declined),
        status=Status(status), holder=holder, since_ms=since_ms, version=version, last_ms=last_ms,
    )  # fmt: skip


def rounds_row(number: int, s: State) -> tuple[object, ...]:
    """The arguments of `UPSERT_ROUNDS`."""
    return (
        number, s.policy.model_dump_json(), s.generation, s.opened_ms, s.rounds_done, s.round_ms,
        s.exhausted, _people_text(s.contacted), _people_text(s.declined),
    )  # fmt: skip


# --- offers ------------------------------------------------------------------------------------

OFFER = "o.code, o.generation, o.made_ms, o.until_ms, o.sent_ms, o.helped_ms"
ANSWER = """json_extract(a.answers, '$."' || o.caregiver || '"')"""
# The fields of an offer by what changes them: a round, a text or a help, an answer.
MADE = attrgetter("code", "generation", "made_ms", "until_ms")
TOLD = attrgetter("sent_ms", "helped_ms")
ANSWERED = attrgetter("answer", "answered_ms")


def offer_of(shift_id: str, caregiver_id: str, columns: Sequence[Any], answered_ms: int | None) -> Offer:
    """The offer in the columns `OFFER`; `answered_ms` as in `ANSWER`: less than 0 if they declined."""
    offer = Offer(shift_id, caregiver_id, *columns)
    if answered_ms is None:
        return offer
    return offer.answered("accept" if answered_ms > 0 else "decline", abs(answered_ms))


def answer_patch(caregiver: int, offer: Offer) -> str:
    """An offer's answer as an entry of the JSON object `fanouts.answers`; null takes it away."""
    if offer.answer is None or offer.answered_ms is None:
        return f'"{caregiver}":null'
    return f'"{caregiver}":{offer.answered_ms if offer.answer == "accept" else -offer.answered_ms}'


# --- attention ---------------------------------------------------------------------------------

ATTENTION = "a.at_ms, a.reason, a.text, s.id, a.caregiver_id, a.phone, a.number, a.done_ms, a.done_by"
ATTENTION_OF = "attention a LEFT JOIN shifts s ON s.number = a.shift"


def attention_of(row: Sequence[Any]) -> Attention:
    """From the columns `ATTENTION`."""
    return Attention(*row)


# --- sends -------------------------------------------------------------------------------------

SEND = """number, key, caregiver_id, channel, purpose, text, shift_id, generation, round, confirms, due_ms,
    attempts, status, lease_ms, owner, epoch, started_ms, provider_id, doubts"""
# What a send is, in contrast to what becomes of it.
WHAT = attrgetter("caregiver_id", "channel", "purpose", "text", "shift_id", "generation", "round", "confirms")


def send_of(row: Sequence[Any]) -> tuple[int, Send]:
    """The number and the send in the columns `SEND`."""
    (
        number, key, caregiver_id, channel, purpose, text, shift_id, generation, round, confirms, due_ms,
        attempts, status, lease_ms, owner, epoch, started_ms, provider_id, doubts,
    ) = row  # fmt: skip
    return number, Send(
        key=key, caregiver_id=caregiver_id, channel=channel, purpose=purpose, due_ms=due_ms, text=text,
        shift_id=shift_id, generation=generation, round=round,
        confirms=tuple(json.loads(confirms)) if confirms else (), attempts=attempts, status=status,
        lease_ms=lease_ms, owner=None if owner is None else Owner(owner, epoch), started_ms=started_ms,
        provider_id=provider_id, doubts=doubts,
    )  # fmt: skip


def send_row(s: Send) -> tuple[object, ...]:
    """The arguments of `UPSERT_SEND`."""
    replica, epoch = s.owner or (None, None)
    return (
        s.key, s.caregiver_id, s.channel, s.purpose, s.text, s.shift_id, s.generation, s.round,
        f"[{','.join(map(str, s.confirms))}]" if s.confirms else None, s.due_ms, s.attempts, s.status,
        s.lease_ms, replica, epoch, s.started_ms, s.provider_id, s.doubts, s.priority, s.ready_ms,
    )  # fmt: skip


def begun_row(number: int, s: Send) -> tuple[object, ...]:
    """The arguments of `UPDATE_SEND_BEGUN`."""
    replica, epoch = s.owner or (None, None)
    return (
        s.due_ms, s.attempts, s.status, s.lease_ms, replica, epoch, s.provider_id, s.doubts, s.ready_ms,
        s.started_ms, number,
    )  # fmt: skip


def ended_row(number: int, s: Send) -> tuple[object, ...]:
    """The arguments of `UPDATE_SEND`."""
    replica, epoch = s.owner or (None, None)
    return (
        s.due_ms, s.attempts, s.status, s.lease_ms, replica, epoch, s.provider_id, s.doubts, s.ready_ms,
        number,
    )  # fmt: skip
